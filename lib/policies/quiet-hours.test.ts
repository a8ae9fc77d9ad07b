import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { holds } from "@/lib/foundation/testing/holds";
import { DEFAULT_COUNTRY, policyRules } from "./policy";
import { sendingWindow } from "./quiet-hours";
import { shippedRules } from "./shipped-rules";
import { anyPolicy, instants, places } from "./testing/hours";
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

test("under any rules and any clocks, the next opening is open, and nothing between now and then is", async () => {
  const between = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
    minLength: 8,
    maxLength: 8,
  });
  await holds(
    "quiet hours",
    fc.property(anyPolicy, places, instants, between, (rules, place, at, shares) => {
      const { isOpen, nextOpenAt } = sendingWindow(rules, place, at);
      if (isOpen) expect(nextOpenAt).toEqual(at);
      if (isOpen || !nextOpenAt) return;
      expect(sendingWindow(rules, place, nextOpenAt).isOpen).toBe(true);
      const wait = nextOpenAt.getTime() - at.getTime();
      expect(wait).toBeGreaterThan(0);
      for (const ms of [wait - 1, ...shares.map((share) => Math.floor(share * wait))])
        expect(sendingWindow(rules, place, new Date(at.getTime() + ms)).isOpen).toBe(false);
    }),
    { runs: 150, long: 5_000 },
  );
});

test("whoever's zone is unknown is written to only when it is day in all of the country's", async () => {
  await holds(
    "quiet hours",
    fc.property(anyPolicy, instants, (rules, at) => {
      const zones = rules.zones.XA ?? [];
      const alone = zones.map((zone) => sendingWindow(rules, { country: "XA", zone }, at).isOpen);
      expect(sendingWindow(rules, { country: "XA", zone: null }, at).isOpen).toBe(alone.every(Boolean));
    }),
    { runs: 300, long: 5_000 },
  );
});
