import { expect, test } from "vitest";
import * as z from "zod";
import { DEFAULT_COUNTRY, policyRules } from "./policy";
import { sendingWindow } from "./quiet-hours";
import { shippedRules } from "./shipped-rules";
import vectors from "./vectors/quiet-hours.json" with { type: "json" };

const QuietHours = z.object({
  cases: z.array(
    z.object({
      country: z.string(),
      zone: z.string().nullable(),
      at: z.string(),
      holidays: z.array(z.string()),
      allowed: z.boolean(),
      nextAllowed: z.string(),
    }),
  ),
});

test("shipped rules are complete and readable", () => {
  expect(() => policyRules.parse({ ...shippedRules, holidays: {} })).not.toThrow();
});

test("every case of the specification: open or not, and the next opening to the second", () => {
  const { cases } = QuietHours.parse(vectors);
  const found = cases.map(({ country, zone, at, holidays }) => {
    const rules = { ...shippedRules, holidays: { [country]: holidays } };
    const { isOpen, nextOpenAt } = sendingWindow(rules, { country, zone }, new Date(at));
    return { allowed: isOpen, nextAllowed: nextOpenAt?.toISOString().replace(".000Z", "Z") };
  });
  expect(found).toEqual(cases.map(({ allowed, nextAllowed }) => ({ allowed, nextAllowed })));
  expect(cases.length).toBeGreaterThan(30);
});

test("a country that is closed every day opens never", () => {
  const rules = {
    rules: { [DEFAULT_COUNTRY]: { days: {}, holidays: false, perDay: 1, perWeek: 1, basis: "test" } },
    zones: {},
    holidays: {},
  };
  const at = new Date("2026-06-01T10:00:00Z");
  expect(sendingWindow(rules, { country: "ES", zone: null }, at)).toEqual({ isOpen: false, nextOpenAt: null });
});
