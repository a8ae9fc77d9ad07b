import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { qrCode, qrPath } from "./qr-code";

const hash = (text: string) =>
  createHash("sha256")
    .update(
      qrCode(text)
        .map((row) => row.map((isDark) => (isDark ? "1" : "0")).join(""))
        .join("\n"),
    )
    .digest("hex")
    .slice(0, 16);

// Each of these pictures was read back by a foreign reader (jsQR 1.4) when it was made; they must stay as they were.
test.each([
  ["A", 1, "bc9009ae87ca68f1"],
  ["ñ € 漢 😀", 2, "d6352780a85d1636"],
  ["https://wa.example.com/forms/olmo", 3, "f08a87989024a861"],
  ["https://wa.example.com/forms/olmo?from=tienda-goya", 4, "86586ea31fdfe794"],
])("%s is a code of version %i that readers read", (text, version, expected) => {
  expect((qrCode(text).length - 17) / 4).toBe(version);
  expect(hash(text)).toBe(expected);
});

test("the smallest version that holds a text is taken; what no version holds is refused", () => {
  const sizes = [14, 15, 26, 27, 42, 62, 84, 106, 122, 152, 180, 213].map(
    (n) => (qrCode("x".repeat(n)).length - 17) / 4,
  );
  expect(sizes).toEqual([1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(() => qrCode("x".repeat(214))).toThrow(RangeError);
});

test("a picture keeps four light modules around it", () => {
  const { size, path } = qrPath("A");
  expect(size).toBe(29);
  expect(path.startsWith("M4 4h1v1h-1z")).toBe(true);
});
