import fc from "fast-check";
import { expect, test } from "vitest";
import { lookupOf } from "./identifier";
import { canonicalNumber, countryOfUserId, dialledNumber, waIdVariants } from "./wa-id";

test.each([
  ["Brazil, ninth digit written", "+5531987654321", ["5531987654321", "553187654321"]],
  ["Brazil, without it", "553187654321", ["553187654321", "5531987654321"]],
  ["Brazil, a fixed line", "551133334444", ["551133334444"]],
  ["Mexico, as dialled", "+525512345678", ["525512345678", "5215512345678"]],
  ["Mexico, as WhatsApp writes it", "5215512345678", ["5215512345678", "525512345678"]],
  ["Argentina, without 9", "+541123456789", ["541123456789", "5491123456789"]],
  ["Argentina, with 9", "5491123456789", ["5491123456789", "541123456789"]],
  ["Spain", "+34600111222", ["34600111222"]],
])("a number is known in every spelling of its country: %s", (_, given, expected) => {
  expect(waIdVariants(given)).toEqual(expected);
});

test("a BSUID is never rewritten, even when it is all digits after its country", () => {
  for (const id of ["BR.5531987654321", "MX.525512345678", "US.ENT.541123456789", "", "+", "34 600"])
    expect(waIdVariants(id)).toEqual([]);
});

test("spelling is symmetric: each of two spellings leads to the other, and no further", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("55", "52", "521", "54", "549", "34", "1"),
      fc.stringMatching(/^\d{10,11}$/),
      (code, rest) => {
        const [own, other] = waIdVariants(code + rest);
        if (other !== undefined) expect(waIdVariants(other)).toEqual([other, own]);
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});

test.each([
  ["+5531987654321", "553187654321"],
  ["+525512345678", "5215512345678"],
  ["+541123456789", "5491123456789"],
])("all spellings of a number have one canonical form, so one hash: %s", (e164, waId) => {
  expect(canonicalNumber(e164)).toBe(canonicalNumber(`+${waId}`));
  expect(lookupOf(Buffer.alloc(32), { kind: "phone", value: e164 })).toEqual(
    lookupOf(Buffer.alloc(32), { kind: "phone", value: `+${waId}` }),
  );
});

test("the canonical form of a canonical form is itself; other countries' numbers stay as they are", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("55", "52", "521", "54", "549", "34"),
      fc.stringMatching(/^\d{9,11}$/),
      (code, rest) => {
        const canonical = canonicalNumber(`+${code}${rest}`);
        expect(canonicalNumber(canonical)).toBe(canonical);
        if (code === "34") expect(canonical).toBe(`+34${rest}`);
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});

test("the number to dial is the spelling that the country's plan knows", () => {
  expect(dialledNumber("5215512345678")).toEqual({ e164: "+525512345678", country: "MX" });
  expect(dialledNumber("34600111222")).toEqual({ e164: "+34600111222", country: "ES" });
  expect(dialledNumber("999999999999")).toBeUndefined();
});

test("a user id names its country", () => {
  expect(countryOfUserId("ES.13491208655302741918")).toBe("ES");
  expect(countryOfUserId("US.ENT.200")).toBe("US");
  expect(countryOfUserId("34600111222")).toBeUndefined();
});
