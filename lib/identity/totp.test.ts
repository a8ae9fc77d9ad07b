import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holds } from "@/lib/foundation/testing/holds";
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

test("at any moment and under any secret, codes of three steps pass, each once and in order, and no other step's", async () => {
  const moments = fc.integer({ min: 60_000, max: 4_102_444_800_000 }).map((ms) => new Date(ms));
  const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes));
  const lastSteps = fc.option(fc.integer({ min: -3, max: 3 }));
  await holds(
    "TOTP",
    fc.property(
      secrets,
      moments,
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.nat(6),
      lastSteps,
      (key, when, far, near, last) => {
        const present = totpStep(when);
        const lastStep = last === null ? null : present + last;
        for (const step of [present + near - 3, present + far]) {
          if (step < 0) continue;
          const passes = Math.abs(step - present) <= 1 && step > (lastStep ?? -1);
          const code = totpCode({ secret: key, step });
          expect(matchingStep(key, code, { at: when, lastStep })).toBe(passes ? step : undefined);
        }
      },
    ),
    { runs: 500, long: 5_000 },
  );
});

test("any secret that is typed in is read as it was", async () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  await holds(
    "TOTP",
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const bits = [...base32(Buffer.from(bytes))].map((letter) =>
        alphabet.indexOf(letter).toString(2).padStart(5, "0"),
      );
      const read =
        bits
          .join("")
          .match(/.{8}/g)
          ?.map((byte) => Number.parseInt(byte, 2)) ?? [];
      expect(read).toEqual([...bytes]);
    }),
    { runs: 500, long: 5_000 },
  );
});
