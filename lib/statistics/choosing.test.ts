import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseArm } from "./decision-rule";
import { harmonicClock, oddsClock, varianceClock } from "./information";
import { powerOfLooks, priceOf } from "./looks-power";
import { seededRandom } from "./random";
import { drawBinomial } from "./random-draws";
import { restrictedTime } from "./response-time";
import { homogeneity } from "./strata";
import { uncomputable, valueOfOutcome } from "./testing/computable";
import { thompsonShares, weightedRate } from "./thompson";

const FIXED = { seed: 20_261_127, numRuns: 300 };
const count = fc.oneof(fc.constantFrom(0, 1, 10_000_000), fc.integer({ min: 0, max: 5_000 }));
const arm = fc.tuple(count, count).map(([one, other]) => ({ x: Math.min(one, other), n: Math.max(one, other) }));
const arms = fc.array(arm, { minLength: 2, maxLength: 4 });

describe("which arm is sent on", () => {
  it("by profit always one, for every table, without NaN; relabelling the arms moves the choice along", () => {
    fc.assert(
      fc.property(arms, (table) => {
        const chosen = valueOfOutcome(chooseArm(table, { rule: "profit" }));
        expect(uncomputable(chosen)).toEqual([]);
        const mean = (index: number) => {
          const { x = 0, n = 0 } = table[index] ?? {};
          return (x + 1) / (n + 2);
        };
        const turned = valueOfOutcome(chooseArm([...table].reverse(), { rule: "profit" }));
        expect(mean(table.length - 1 - (turned.arm ?? 0))).toBe(mean(chosen.arm ?? 0));
      }),
      FIXED,
    );
  });

  it("by significance none but an arm that exceeds the control by the critical value, by loss none while it may cost more", () => {
    const close = [
      { x: 100, n: 1_000 },
      { x: 110, n: 1_000 },
    ];
    const apart = [
      { x: 100, n: 1_000 },
      { x: 150, n: 1_000 },
      { x: 140, n: 1_000 },
    ];
    expect(chooseArm(close, { rule: "significance", critical: 1.96 }).value).toEqual({ arm: null });
    expect(chooseArm(apart, { rule: "significance", critical: 1.96 }).value).toEqual({ arm: 1 });
    expect(chooseArm([...apart].reverse(), { rule: "significance", critical: 1.96 }).value).toEqual({ arm: null });
    expect(chooseArm(close, { rule: "loss", epsilon: 0.0005 }).value).toEqual({ arm: null });
    expect(chooseArm(close, { rule: "loss", epsilon: 0.01 }).value).toEqual({ arm: 1 });
    expect(chooseArm([], { rule: "profit" })).toMatchObject({ reason: "tooFewArms" });
    expect(
      chooseArm(
        [
          { x: 2, n: 1 },
          { x: 0, n: 1 },
        ],
        { rule: "profit" },
      ),
    ).toMatchObject({ reason: "invalidInput" });
  });
});

describe("shares that follow what is learnt", () => {
  it("add up to one, leave every arm its floor, and follow the arms when they are relabelled", () => {
    fc.assert(
      fc.property(arms, fc.constantFrom(0, 0.02, 0.1, 0.5), (table, floor) => {
        const shares = valueOfOutcome(thompsonShares(table, floor));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        for (const share of shares) expect(share).toBeGreaterThanOrEqual(floor / (table.length - 1) - 1e-12);
        const turned = valueOfOutcome(thompsonShares([...table].reverse(), floor)).reverse();
        for (const [index, share] of turned.entries()) expect(share).toBeCloseTo(shares[index] ?? 0, 6);
      }),
      { ...FIXED, numRuns: 60 },
    );
  });

  it("grow with an arm's successes", () => {
    const shareAt = (x: number) =>
      thompsonShares(
        [
          { x: 50, n: 1_000 },
          { x, n: 1_000 },
        ],
        0.02,
      ).value?.[1] ?? 0;
    for (let x = 20; x < 80; x += 5) expect(shareAt(x + 5)).toBeGreaterThanOrEqual(shareAt(x));
    expect(shareAt(50)).toBeCloseTo(0.5, 9);
  });

  it("a weighted rate of equal shares is the plain one, and says why there is none", () => {
    const equal = [
      { x: 3, n: 10, share: 0.5 },
      { x: 9, n: 30, share: 0.5 },
    ];
    expect(weightedRate(equal).value).toBeCloseTo(0.3, 12);
    expect(
      weightedRate([
        { x: 1, n: 10, share: 0.1 },
        { x: 9, n: 10, share: 0.9 },
      ]).value,
    ).toBeCloseTo(0.18, 12);
    expect(weightedRate([])).toMatchObject({ reason: "noContacts" });
    expect(weightedRate([{ x: 1, n: 10, share: 0 }])).toMatchObject({ reason: "invalidInput" });
  });
});

describe("what looking more than once costs", () => {
  it("one look has the power that its drift says, and its error without one", () => {
    const once = [{ information: 1, crit: 1.959963984540054 }];
    expect(powerOfLooks(once, 0).value?.power).toBeCloseTo(0.05, 7);
    expect(powerOfLooks(once, 1.959963984540054 + 0.8416212335729143).value?.power).toBeCloseTo(0.8, 5);
  });

  it("agrees with the simulated figures of the specification", () => {
    const at = [0.2, 0.4, 0.6, 0.8, 1];
    const obf = valueOfOutcome(priceOf({ method: "looks", at, spending: "obf" }, 0.05, 0.8));
    expect(obf.power).toBeCloseTo(0.789, 2);
    expect(obf.inflation).toBeCloseTo(1.03, 1);
    const pocock = valueOfOutcome(priceOf({ method: "looks", at, spending: "pocock" }, 0.05, 0.8));
    expect(pocock.power).toBeCloseTo(0.714, 2);
    expect(pocock.inflation).toBeCloseTo(1.2, 1);
    expect(priceOf({ method: "fixed" }, 0.05, 0.8).value).toEqual({ power: 0.8, meanInformation: 1, inflation: 1 });
  });

  it("power grows with the drift and falls with the boundary; looks that are no looks are refused", () => {
    const looks = (crit: number) => [0.5, 1].map((information) => ({ information, crit }));
    const power = (crit: number, drift: number) => powerOfLooks(looks(crit), drift).value?.power ?? 0;
    for (let drift = 0; drift < 4; drift += 0.5) {
      expect(power(2.2, drift + 0.5)).toBeGreaterThan(power(2.2, drift));
      expect(power(2.4, drift)).toBeLessThan(power(2.2, drift));
      expect(power(2.2, -drift)).toBeCloseTo(power(2.2, drift), 9);
    }
    expect(powerOfLooks([], 1)).toMatchObject({ reason: "invalidInput" });
    expect(powerOfLooks([...looks(2)].reverse(), 1)).toMatchObject({ reason: "invalidInput" });
  });
});

describe("clocks", () => {
  it("grow with what is known, do not care about the arms' order, and say why they stand still", () => {
    expect(harmonicClock(100, 100).value).toBe(50);
    expect(harmonicClock(100, 400)).toEqual(harmonicClock(400, 100));
    expect(harmonicClock(0, 100)).toMatchObject({ reason: "noContacts" });
    expect(
      oddsClock([
        { x: 1, n: 10 },
        { x: 2, n: 5 },
      ]).value,
    ).toBe(0.25);
    expect(oddsClock([{ x: 0, n: 10 }])).toMatchObject({ reason: "noSuccesses" });
    expect(oddsClock([{ x: 10, n: 10 }])).toMatchObject({ reason: "zeroVariance" });
    expect(varianceClock(0)).toMatchObject({ reason: "zeroVariance" });
    expect(varianceClock(Number.NaN)).toMatchObject({ reason: "invalidInput" });
  });
});

describe("the time until people answer", () => {
  it("whoever did not answer waited for the whole time", () => {
    const value = valueOfOutcome(restrictedTime({ n: 4, times: [1, 3, 60] }, 24));
    expect(value.moments.mean).toBeCloseTo((1 + 3 + 24 + 24) / 4, 12);
    const spread = [1, 3, 24, 24].map((time) => (time - 13) ** 2);
    expect(value.moments.variance).toBeCloseTo(spread.reduce((sum, square) => sum + square, 0) / 3, 12);
    expect([value.answered, value.medianOfAnswers]).toEqual([0.5, 2]);
    expect(restrictedTime({ n: 10_000_000, times: [] }, 24).value).toMatchObject({
      answered: 0,
      medianOfAnswers: null,
    });
    expect(restrictedTime({ n: 1, times: [] }, 24)).toMatchObject({ reason: "tooFewContacts" });
    expect(restrictedTime({ n: 4, times: [-1] }, 24)).toMatchObject({ reason: "invalidInput" });
  });
});

describe("one effect in all strata", () => {
  it("two strata: the square of the difference of differences over its standard error", () => {
    const strata = [
      { xc: 100, nc: 1_000, xt: 150, nt: 1_000 },
      { xc: 100, nc: 1_000, xt: 110, nt: 1_000 },
    ];
    const variance = ([0.15, 0.1, 0.11, 0.1] as const).reduce((sum, p) => sum + (p * (1 - p)) / 999, 0);
    const value = valueOfOutcome(homogeneity(strata));
    expect(value.stat).toBeCloseTo(0.04 ** 2 / variance, 9);
    expect(value.df).toBe(1);
    expect(homogeneity([...strata].reverse()).value?.stat).toBeCloseTo(value.stat, 9);
    expect(homogeneity(strata.slice(0, 1))).toMatchObject({ reason: "zeroVariance" });
  });
});

describe("random draws", () => {
  it("a binomial has its mean and variance, from one contact to ten million", () => {
    const random = seededRandom("binomial");
    for (const [n, p] of [
      [1, 0.3],
      [40, 0.97],
      [1_000, 0.002],
      [10_000_000, 0.4],
    ] as const) {
      const draws = Array.from({ length: 4_000 }, () => drawBinomial(n, p, random));
      const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
      const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws.length - 1);
      const expected = n * p * (1 - p);
      expect(Math.abs(mean - n * p)).toBeLessThan(4 * Math.sqrt(expected / draws.length));
      expect(variance / expected).toBeGreaterThan(0.85);
      expect(variance / expected).toBeLessThan(1.15);
    }
    expect([drawBinomial(5, 0, random), drawBinomial(5, 1, random), drawBinomial(0, 0.5, random)]).toEqual([0, 5, 0]);
  });
});
