import { describe, expect, test } from "vitest";
import { base32, matchingStep, otpauthUri, totpCode, totpStep } from "./totp";

const secret = Buffer.from("12345678901234567890");
const at = new Date(1_111_111_109_000);
const now = totpStep(at);

test("a secret is written as apps read it", () => {
  // RFC 4648, section 10
  const texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
  expect(texts.map((text) => base32(Buffer.from(text)))).toEqual([
    "",
    "MY",
    "MZXQ",
    "MZXW6",
    "MZXW6YQ",
    "MZXW6YTB",
    "MZXW6YTBOI",
  ]);
  expect(otpauthUri(secret, { issuer: "Contraste · Café", account: "ana+1@example.com" })).toBe(
    "otpauth://totp/Contraste%20%C2%B7%20Caf%C3%A9:ana%2B1%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Contraste%20%C2%B7%20Caf%C3%A9",
  );
});

describe("a code", () => {
  const codeOf = (step: number) => totpCode({ secret, step });
  const found = (code: string, lastStep: number | null = null) => matchingStep(secret, code, { at, lastStep });

  test("passes one step early or late, and no further", () => {
    const steps = [-2, -1, 0, 1, 2].map((offset) => found(codeOf(now + offset)));
    expect(steps).toEqual([undefined, now - 1, now, now + 1, undefined]);
  });

  test("works once, and none works after a later one", () => {
    expect(found(codeOf(now), now)).toBeUndefined();
    expect(found(codeOf(now - 1), now)).toBeUndefined();
    expect(found(codeOf(now + 1), now)).toBe(now + 1);
  });

  test("of another length or alphabet is no code", () => {
    for (const code of ["", "1", `${codeOf(now)}0`, "abcdef", "٠٨١٨٠٤"]) expect(found(code)).toBeUndefined();
  });
});
