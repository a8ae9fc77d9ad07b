import { expect, test } from "vitest";
import { createFormats } from "@/lib/i18n/formats";
import { translator } from "@/lib/i18n/translator";
import type { CountryRule } from "@/lib/policies/policy";
import { basisText, changedParts } from "./rule-text";

const words = {
  t: translator("es", "policies"),
  formats: createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" }),
};
const rule: CountryRule = {
  days: { "1": [["09:00", "21:00"]], "2": [["09:00", "21:00"]] },
  holidays: true,
  perDay: 1,
  perWeek: 3,
  basis: "by analogy, UNVERIFIED",
};

test("whoever decides sees every part that changes, before and after, and nothing else", () => {
  const after = { ES: { ...rule, days: { "1": rule.days["1"] }, perDay: 2 }, FR: rule };
  expect(changedParts({ ES: rule, FR: rule }, after, words)).toEqual([
    { country: "ES", part: "hours", before: "lun–mar 09:00–21:00", after: "lun 09:00–21:00" },
    { country: "ES", part: "caps", before: "1 en 24 h, 3 en 7 días", after: "2 en 24 h, 3 en 7 días" },
  ]);
});

test("a proposal that would undo what was approved meanwhile says so", () => {
  const parts = changedParts({ ES: rule, PT: rule }, { ES: rule }, words);
  expect(new Set(parts.map(({ country, after }) => `${country} ${after}`))).toEqual(new Set(["PT –"]));
});

test("what the rules mark as unverified is said in the reader's language", () => {
  expect(basisText(rule.basis, words)).toBe("by analogy · sin verificar");
  expect(basisText("Art. 96.2", words)).toBe("Art. 96.2");
});
