import { describe, expect, test } from "vitest";
import { markedMedia, mediaMark, recogniseMedia } from "./media";

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));

describe("a file is what its first bytes say, whatever its name", () => {
  test.each([
    ["foto.png", bytes([0xff, 0xd8, 0xff, 0xe0]), "image", "image/jpeg"],
    ["foto.jpg", bytes([0x89], "PNG\r\n"), "image", "image/png"],
    ["clip.mov", bytes([0, 0, 0, 24], "ftypisom"), "video", "video/mp4"],
    ["clip.3gp", bytes([0, 0, 0, 24], "ftyp3gp5"), "video", "video/3gpp"],
    ["menú.pdf", bytes("%PDF-1.7"), "document", "application/pdf"],
    ["lista.txt", bytes("uno\ndos"), "document", "text/plain"],
    [
      "carta.docx",
      bytes("PK", [3, 4]),
      "document",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
  ])("%s", (name, content, kind, mimeType) => {
    expect(recogniseMedia(content, name)).toEqual({ kind, mimeType });
  });

  test.each([
    ["programa.png", bytes("MZ")],
    ["archivo.zip", bytes("PK", [3, 4])],
    ["binario.txt", bytes([0, 1, 2])],
    ["vacío.pdf", bytes("")],
    ["dibujo.svg", bytes("<svg xmlns=")],
  ])("%s is refused", (name, content) => expect(recogniseMedia(content, name)).toBeUndefined());
});

test("a mark names a file of ours, and no handle of Meta's is taken for one", () => {
  expect(markedMedia(mediaMark("0193"))).toBe("0193");
  expect(markedMedia("4::aW1hZ2U=")).toBeUndefined();
});
