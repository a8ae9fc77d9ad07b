import fc from "fast-check";
import { expect, test } from "vitest";
import { tQuantile } from "@/lib/statistics/distributions";
import { addIncrementals, perUnitSpent } from "./roi";

const campaign = fc.record({
  estimate: fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  se: fc.double({ min: 1, max: 1e11, noNaN: true }),
  df: fc.double({ min: 5, max: 1e6, noNaN: true }),
});

test("one campaign alone keeps its own interval", () => {
  const one = { estimate: 33_400e6, se: 5_600e6, df: 4_149 };
  const sum = addIncrementals([one], 0.05);
  const half = tQuantile(0.975, one.df) * one.se;
  expect(sum?.lower).toBeCloseTo(one.estimate - half, -1);
  expect(sum?.upper).toBeCloseTo(one.estimate + half, -1);
});

test("variances add up, so a total is surer than its ends added", () => {
  fc.assert(
    fc.property(fc.array(campaign, { minLength: 2, maxLength: 12 }), (campaigns) => {
      const sum = addIncrementals(campaigns, 0.05);
      const halves = campaigns.map(({ se, df }) => tQuantile(0.975, df) * se);
      const width = (sum?.upper ?? 0) - (sum?.lower ?? 0);
      const ends = 2 * halves.reduce((total, half) => total + half, 0);
      expect(width).toBeLessThanOrEqual(ends * (1 + 1e-9));
      expect(width).toBeGreaterThanOrEqual(2 * Math.max(...halves) * (1 - 0.5));
      const estimate = campaigns.reduce((total, one) => total + one.estimate, 0);
      expect(sum?.estimate).toBe(estimate);
    }),
  );
});

test("nothing measured is not a zero, and nothing spent has no return", () => {
  expect(addIncrementals([], 0.05)).toBeNull();
  expect(perUnitSpent({ estimate: 1, lower: 0, upper: 2 }, 0)).toBeNull();
  expect(perUnitSpent({ estimate: 64_500, lower: 41_000, upper: 88_000 }, 18_200)).toMatchObject({
    lower: expect.closeTo(2.25, 2),
    upper: expect.closeTo(4.84, 2),
  });
});
