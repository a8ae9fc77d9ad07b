import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMeans } from "./compare-means";
import { cuped } from "./cuped";
import { incrementalRevenue, returnOnSpend } from "./incremental-revenue";
import { coMomentsFromPairs, coMomentsFromSums, type Moments, momentsFromSums, momentsWithZeros } from "./moments";
import { compareRatios } from "./ratio-metric";
import { uncomputable, valueOfOutcome } from "./testing/computable";

fc.configureGlobal({ seed: 20_260_101 });

/** Money has cents: values as they occur, from nothing to large. */
const cents = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100);
const moments: fc.Arbitrary<Moments> = fc.record({
  n: fc.oneof(fc.integer({ min: 2, max: 50 }), fc.constant(10_000_000), fc.integer({ min: 2, max: 10_000_000 })),
  mean: fc.oneof(cents(-50, 50), cents(0, 1), fc.constant(0)),
  variance: fc.oneof(cents(0, 1000), fc.constant(0)),
});
const alpha = fc.constantFrom(0.2, 0.05, 0.01);

describe("comparing two means", () => {
  it("difference and lift never contradict the test: they exclude 'no effect' exactly when p < α", () => {
    fc.assert(
      fc.property(moments, moments, alpha, (c, t, level) => {
        const { value } = compareMeans(c, t, level);
        fc.pre(value !== null && Math.abs(value.p - level) > 1e-9);
        const isDifferent = value.p < level;
        expect(value.lo > 0 || value.hi < 0).toBe(isDifferent);
        if (value.fiellerLo === null || value.fiellerHi === null) return;
        expect(value.fiellerLo > 0 || value.fiellerHi < 0).toBe(isDifferent);
      }),
      { numRuns: 1000 },
    );
  });

  it("computes or says why, without NaN, from two contacts to ten million", () => {
    fc.assert(
      fc.property(moments, moments, alpha, (c, t, level) => {
        const outcome = compareMeans(c, t, level);
        expect(uncomputable(outcome)).toEqual([]);
        const hasLift = outcome.value !== null && outcome.value.fiellerLo !== null;
        if (outcome.value !== null) expect(outcome.value.liftReason === null).toBe(hasLift);
        else expect(outcome.reason).toBe("zeroVariance");
      }),
      { numRuns: 1000 },
    );
  });

  it("survives values at the end of what a double holds", () => {
    const extreme = fc.record({
      n: fc.constantFrom(2, 10_000_000),
      mean: fc.double({ noNaN: true, noDefaultInfinity: true }),
      variance: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(extreme, extreme, (c, t) => {
        expect(uncomputable(compareMeans(c, t, 0.05))).toEqual([]);
      }),
    );
  });

  it("swapping the arms mirrors the difference and keeps the p-value", () => {
    fc.assert(
      fc.property(moments, moments, alpha, (c, t, level) => {
        const one = compareMeans(c, t, level).value;
        const two = compareMeans(t, c, level).value;
        fc.pre(one !== null && two !== null);
        expect(two.diff).toBeCloseTo(-one.diff, 12);
        expect(two.p).toBeCloseTo(one.p, 12);
        expect(two.lo).toBeCloseTo(-one.hi, 8);
      }),
    );
  });

  it("calls the lift unbounded when the control's mean may be zero, instead of guessing", () => {
    const control = { n: 400, mean: 0.02, variance: 2.25 };
    const value = valueOfOutcome(compareMeans(control, { n: 400, mean: 0.1, variance: 4 }, 0.05));
    expect(value.fiellerLo).toBeNull();
    expect(value.liftReason).toBe("baselineNotDistinguishableFromZero");
  });

  it("refuses arms too small for a variance", () => {
    const fine = { n: 10, mean: 1, variance: 1 };
    expect(compareMeans({ n: 0, mean: 0, variance: 0 }, fine, 0.05).reason).toBe("noContacts");
    expect(compareMeans({ n: 1, mean: 0, variance: 0 }, fine, 0.05).reason).toBe("tooFewContacts");
    expect(compareMeans({ n: 10, mean: Number.NaN, variance: 1 }, fine, 0.05).reason).toBe("invalidInput");
  });
});

describe("moments", () => {
  const values = [12.5, 0, 3, 0, 0, 99.99, 1];
  const nonZero = values.filter((value) => value !== 0);

  it("from sums and from the values other than zero are the same", () => {
    const sums = {
      n: values.length,
      sum: values.reduce((total, value) => total + value, 0),
      sumSquares: values.reduce((total, value) => total + value * value, 0),
    };
    const fromSums = valueOfOutcome(momentsFromSums(sums));
    const fromValues = valueOfOutcome(momentsWithZeros(values.length, nonZero));
    expect(fromSums.mean).toBeCloseTo(fromValues.mean, 12);
    expect(fromSums.variance).toBeCloseTo(fromValues.variance, 9);
  });

  it("of pairs are the same from sums and from values, for ratios and for adjustment", () => {
    const pairs = values.map((y, index) => ({ y, x: (index % 3) + 1 }));
    const total = (pick: (pair: { y: number; x: number }) => number) =>
      pairs.reduce((all, pair) => all + pick(pair), 0);
    const fromSums = valueOfOutcome(
      coMomentsFromSums({
        n: pairs.length,
        sumY: total(({ y }) => y),
        sumYY: total(({ y }) => y * y),
        sumX: total(({ x }) => x),
        sumXX: total(({ x }) => x * x),
        sumXY: total(({ y, x }) => y * x),
      }),
    );
    const fromPairs = valueOfOutcome(coMomentsFromPairs(pairs));
    expect(fromSums.sxy).toBeCloseTo(fromPairs.sxy, 9);
    const ratio = valueOfOutcome(compareRatios(fromSums, fromPairs, 0.05));
    expect(ratio.diff).toBeCloseTo(0, 12);
    expect(cuped(fromSums, fromPairs, 0.05).reason).toBeNull();
    const constant = valueOfOutcome(coMomentsFromPairs(values.map((y) => ({ y, x: 1 }))));
    expect(cuped(constant, constant, 0.05).reason).toBe("constantCovariate");
    const empty = valueOfOutcome(coMomentsFromPairs(values.map((y) => ({ y, x: 0 }))));
    expect(compareRatios(empty, fromPairs, 0.05).reason).toBe("noDenominator");
  });
});

describe("revenue against the holdout", () => {
  const assigned = { n: 18_000, sum: 54_000, sumSquares: 2_700_000 };
  const heldOut = { n: 2000, sum: 4000, sumSquares: 200_000 };

  it("is the difference of the means times the people assigned, with Welch's interval", () => {
    const value = valueOfOutcome(incrementalRevenue(assigned, heldOut, 0.05));
    expect(value.incremental).toBeCloseTo((3 - 2) * 18_000, 8);
    expect(value.lo).toBeLessThan(value.incremental);
    expect(value.hi - value.incremental).toBeCloseTo(value.incremental - value.lo, 6);
    expect([value.perAssigned, value.perHeldOut]).toEqual([3, 2]);
  });

  it("becomes a return on what was spent", () => {
    const value = valueOfOutcome(returnOnSpend({ assigned, heldOut }, 1200, 0.05));
    expect(value.roi).toBeCloseTo(18_000 / 1200 - 1, 8);
    expect(value.roiLo).toBeCloseTo(value.lo / 1200 - 1, 8);
    expect(value.roiHi).toBeCloseTo(value.hi / 1200 - 1, 8);
  });

  it("says why there is none", () => {
    const nobody = { n: 0, sum: 0, sumSquares: 0 };
    const onlyOne = { n: 1, sum: 5, sumSquares: 25 };
    const noSales = { n: 500, sum: 0, sumSquares: 0 };
    expect(incrementalRevenue(assigned, nobody, 0.05)).toEqual({ value: null, reason: "noContacts" });
    expect(incrementalRevenue(assigned, onlyOne, 0.05).reason).toBe("tooFewContacts");
    expect(incrementalRevenue(noSales, noSales, 0.05).reason).toBe("zeroVariance");
    expect(returnOnSpend({ assigned, heldOut }, 0, 0.05).reason).toBe("noSpend");
    expect(returnOnSpend({ assigned, heldOut }, -1, 0.05).reason).toBe("invalidInput");
  });
});
