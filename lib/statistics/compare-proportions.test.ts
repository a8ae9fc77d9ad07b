import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareProportions } from "./compare-proportions";
import { fisherExact } from "./fisher";
import { proportionInterval } from "./proportion-interval";
import type { TwoArmCounts } from "./score-interval";
import { uncomputable, valueOfOutcome } from "./testing/computable";

fc.configureGlobal({ seed: 20_260_101 });

const size = fc.oneof(
  fc.constantFrom(1, 2, 10_000_000),
  fc.integer({ min: 1, max: 60 }),
  fc.integer({ min: 1, max: 10_000_000 }),
);
const arm = size.chain((n) =>
  fc.record({
    n: fc.constant(n),
    x: fc.oneof(fc.constantFrom(0, n), fc.integer({ min: 0, max: n }), fc.integer({ min: 0, max: Math.min(n, 30) })),
  }),
);
const anyCounts = fc.tuple(arm, arm).map(([c, t]) => ({ xc: c.x, nc: c.n, xt: t.x, nt: t.n }));
/** Rates so near each other that tests land on both sides of α. */
const closeCounts = fc
  .record({
    nc: fc.integer({ min: 2, max: 2_000_000 }),
    nt: fc.integer({ min: 2, max: 2_000_000 }),
    rate: fc.double({ min: 0.0005, max: 0.9995, noNaN: true }),
    z: fc.double({ min: -4, max: 4, noNaN: true }),
  })
  .map(({ nc, nt, rate, z }) => {
    const shift = z * Math.sqrt(rate * (1 - rate) * (1 / nc + 1 / nt));
    const within = (x: number, n: number) => Math.min(n, Math.max(0, Math.round(x)));
    return { nc, nt, xc: within(nc * rate, nc), xt: within(nt * (rate + shift), nt) };
  });
const counts = fc.oneof(anyCounts, closeCounts);
const alpha = fc.constantFrom(0.2, 0.05, 0.01, 0.0001);

const swap = ({ xc, nc, xt, nt }: TwoArmCounts): TwoArmCounts => ({ xc: xt, nc: nt, xt: xc, nt: nc });
const near = (got: number, expected: number, tolerance = 1e-9) =>
  expect(got === expected || Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected))).toBe(true);

describe("comparing two proportions", () => {
  it("test and both intervals never contradict each other: all exclude 'no effect' exactly when p < α", () => {
    fc.assert(
      fc.property(counts, alpha, (given, level) => {
        const result = valueOfOutcome(compareProportions(given, level));
        fc.pre(result.method === "score" && Math.abs(result.p - level) > 1e-9);
        const isDifferent = result.p < level;
        expect(result.scoreLo > 0 || result.scoreHi < 0).toBe(isDifferent);
        expect(result.ratioLo > 1 || result.ratioHi < 1).toBe(isDifferent);
        expect(result.liftLo > 0 || result.liftHi < 0).toBe(isDifferent);
      }),
      { numRuns: 2000 },
    );
  });

  it("computes every figure for every table, from one contact to ten million, without NaN", () => {
    fc.assert(
      fc.property(counts, alpha, (given, level) => {
        const result = compareProportions(given, level);
        expect(uncomputable(result)).toEqual([]);
        const value = valueOfOutcome(result);
        expect(value.scoreLo).toBeLessThanOrEqual(value.diff);
        expect(value.scoreHi).toBeGreaterThanOrEqual(value.diff);
        expect(value.scoreLo).toBeGreaterThanOrEqual(-1);
        expect(value.scoreHi).toBeLessThanOrEqual(1);
        expect(value.ratioLo).toBeLessThanOrEqual((value.ratio ?? 1) * (1 + 1e-12));
        expect(value.ratioHi).toBeGreaterThanOrEqual((value.ratio ?? 1) * (1 - 1e-12));
        expect(value.p).toBeGreaterThanOrEqual(0);
        expect(value.p).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  it("swapping the arms mirrors the difference, inverts the ratio and keeps the p-value", () => {
    fc.assert(
      fc.property(counts, alpha, (given, level) => {
        const one = valueOfOutcome(compareProportions(given, level));
        const two = valueOfOutcome(compareProportions(swap(given), level));
        near(two.diff, -one.diff);
        near(two.scoreLo, -one.scoreHi);
        near(two.scoreHi, -one.scoreLo);
        near(two.newcombeLo, -one.newcombeHi);
        near(two.p, one.p);
        // One contact against ten million, all with the outcome: 1 − rate has nine digits left.
        near(1 / two.ratioLo, one.ratioHi, 1e-7);
        near(1 / two.ratioHi, one.ratioLo, 1e-7);
      }),
      { numRuns: 500 },
    );
  });

  it("counting those without the outcome instead mirrors the difference", () => {
    fc.assert(
      fc.property(counts, alpha, (given, level) => {
        const one = valueOfOutcome(compareProportions(given, level));
        const { xc, nc, xt, nt } = given;
        const two = valueOfOutcome(compareProportions({ xc: nc - xc, nc, xt: nt - xt, nt }, level));
        near(two.scoreLo, -one.scoreHi);
        near(two.scoreHi, -one.scoreLo);
        near(two.p, one.p);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves the normal approximation for Fisher's test when less than one success is expected in an arm", () => {
    const rare = valueOfOutcome(compareProportions({ xc: 0, nc: 4500, xt: 3, nt: 500 }, 0.05));
    expect(rare.minExpected).toBeLessThan(1);
    expect(rare.method).toBe("exact");
    expect(rare.p).toBe(fisherExact({ xc: 0, nc: 4500, xt: 3, nt: 500 }).p);
    expect(valueOfOutcome(compareProportions({ xc: 20, nc: 4500, xt: 3, nt: 500 }, 0.05)).method).toBe("score");
  });

  it("says why there is no ratio when nobody had the outcome, and that it has no upper limit when no control had it", () => {
    const nobody = valueOfOutcome(compareProportions({ xc: 0, nc: 100, xt: 0, nt: 100 }, 0.05));
    expect([nobody.ratio, nobody.lift, nobody.ratioReason]).toEqual([null, null, "noSuccesses"]);
    const noControl = valueOfOutcome(compareProportions({ xc: 0, nc: 100, xt: 5, nt: 100 }, 0.05));
    expect(noControl.ratio).toBe(Number.POSITIVE_INFINITY);
    expect(noControl.ratioHi).toBe(Number.POSITIVE_INFINITY);
    expect(noControl.ratioLo).toBeGreaterThan(0);
  });

  it("a larger critical value, as at an early look, widens every interval around the same p-value", () => {
    const given = { xc: 120, nc: 1000, xt: 150, nt: 1000 };
    const fixed = valueOfOutcome(compareProportions(given, 0.05));
    const early = valueOfOutcome(compareProportions(given, 0.05, 4.33));
    expect(early.scoreLo).toBeLessThan(fixed.scoreLo);
    expect(early.ratioHi).toBeGreaterThan(fixed.ratioHi);
    expect(early.p).toBe(fixed.p);
  });

  it("keeps p-values that are too small for a double as a logarithm", () => {
    const far = valueOfOutcome(compareProportions({ xc: 300_000, nc: 1_000_000, xt: 470_000, nt: 1_000_000 }, 0.05));
    expect(far.p).toBe(0);
    expect(far.log10p).toBeLessThan(-1000);
    expect(Number.isFinite(far.log10p)).toBe(true);
    const exact = fisherExact({ xc: 0, nc: 10_000_000, xt: 2000, nt: 2000 });
    expect(exact.p).toBe(0);
    expect(exact.log10p).toBeLessThan(-1000);
  });

  it("refuses what are not counts and arms without contacts, with a reason", () => {
    expect(compareProportions({ xc: 2, nc: 1, xt: 0, nt: 1 }, 0.05)).toEqual({ value: null, reason: "invalidInput" });
    expect(compareProportions({ xc: 0.5, nc: 1, xt: 0, nt: 1 }, 0.05).reason).toBe("invalidInput");
    expect(compareProportions({ xc: 0, nc: 1, xt: 0, nt: 1 }, 0).reason).toBe("invalidInput");
    expect(compareProportions({ xc: 0, nc: 0, xt: 0, nt: 1 }, 0.05)).toEqual({ value: null, reason: "noContacts" });
  });
});

describe("one proportion", () => {
  it("its intervals hold the rate, stay within [0, 1], and mirror when the outcome is turned round", () => {
    fc.assert(
      fc.property(arm, alpha, ({ x, n }, level) => {
        const result = proportionInterval(x, n, level);
        expect(uncomputable(result)).toEqual([]);
        const one = valueOfOutcome(result);
        expect(one.wilsonLo).toBeGreaterThanOrEqual(0);
        expect(one.wilsonLo).toBeLessThanOrEqual(one.p + 1e-15);
        expect(one.wilsonHi).toBeGreaterThanOrEqual(one.p - 1e-15);
        expect(one.exactHi).toBeLessThanOrEqual(1);
        const two = valueOfOutcome(proportionInterval(n - x, n, level));
        near(two.wilsonLo, 1 - one.wilsonHi);
        near(two.exactHi, 1 - one.exactLo);
      }),
      { numRuns: 500 },
    );
    expect(proportionInterval(0, 0, 0.05).reason).toBe("noContacts");
  });
});
