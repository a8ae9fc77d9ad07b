import { describe, expect, test } from "vitest";
import { createFormats } from "@/lib/i18n/formats";
import { numberText, readTyped } from "./typed-number";

const spain = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
const us = createFormats({ locale: "en", region: "en-US", timeZone: "Europe/Madrid", currency: "EUR" });

describe("numbers as people type them", () => {
  test("what was written comes back as what was kept, in either region", () => {
    for (const formats of [spain, us])
      for (const value of [1, 0.5, 12.25, 1_234.5])
        expect(readTyped(numberText(value, formats), formats, { atMost: 10_000 })).toEqual({ ok: true, value });
  });

  test("nothing typed is no value, not zero", () => {
    expect(readTyped("  ", spain, { atMost: 100 })).toEqual({ ok: true, value: null });
    expect(numberText(null, spain)).toBe("");
  });

  test("words, amounts outside the range and a forbidden zero are refused", () => {
    for (const text of ["mucho", "101", "0", "-1"]) expect(readTyped(text, spain, { atMost: 100 }).ok).toBe(false);
    expect(readTyped("0", spain, { atLeast: 0, atMost: 50 })).toEqual({ ok: true, value: 0 });
  });
});
