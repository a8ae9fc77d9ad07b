import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { intervalScale, placeInterval, placeValue } from "./interval-geometry";

const b = { estimate: 1.8, lower: 1.1, upper: 2.5 };
const c = { estimate: 0.2, lower: -0.4, upper: 0.8 };

describe("the scale of an interval plot", () => {
  test("shows zero, the whole minimum-effect band and every interval", () => {
    const scale = intervalScale([b, c], 1);
    expect(scale.min).toBeLessThan(-1);
    expect(scale.max).toBeGreaterThan(2.5);
    expect(scale.ticks).toContain(0);
    expect([b, c].map((row) => placeInterval(row, scale)).every((p) => !p.isCutLeft && !p.isCutRight)).toBe(true);
  });

  test("one interval far wider than the rest is cut, with arrows, and flattens nothing", () => {
    const wide = { estimate: 0, lower: -60, upper: 60 };
    const scale = intervalScale([b, c, wide], 1);
    const placed = placeInterval(wide, scale);
    expect([placed.isCutLeft, placed.isCutRight, placed.from, placed.to]).toEqual([true, true, 0, 100]);
    expect(scale.max).toBeLessThan(20);
  });

  test("a plot without any spread still has a scale", () => {
    const scale = intervalScale([{ estimate: 0, lower: 0, upper: 0 }]);
    expect(placeValue(0, scale)).toBe(50);
  });

  test("order is kept and every mark stays inside the plot, whatever the numbers", () => {
    const value = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    const row = fc.tuple(value, value, value).map((three) => {
      const [lower = 0, estimate = 0, upper = 0] = three.toSorted((x, y) => x - y);
      return { lower, estimate, upper };
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (rows, mde) => {
          const scale = intervalScale(rows, mde);
          for (const each of rows) {
            const placed = placeInterval(each, scale);
            expect(placed.from).toBeGreaterThanOrEqual(0);
            expect(placed.from).toBeLessThanOrEqual(placed.estimate);
            expect(placed.estimate).toBeLessThanOrEqual(placed.to);
            expect(placed.to).toBeLessThanOrEqual(100);
          }
        },
      ),
    );
  });
});
