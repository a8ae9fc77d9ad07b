import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alwaysValidP, mixtureBoundary } from "./always-valid";
import { batchedInference } from "./batched-inference";
import { bayesEffect, bayesMeans, bayesProportions } from "./bayes";
import { twoSidedCritical } from "./distributions";
import { groupSequential } from "./group-sequential";
import { mdeProportions, powerMeansLift, powerProportions, sampleSizeMeans, sampleSizeProportions } from "./power";
import { testAndRoll } from "./test-and-roll";
import { uncomputable, valueOfOutcome } from "./testing/computable";

fc.configureGlobal({ seed: 20_260_101 });

const rate = fc.double({ min: 0.001, max: 0.9, noNaN: true });

describe("planning", () => {
  it("size, power and smallest detectable effect are one relation", () => {
    fc.assert(
      fc.property(
        rate,
        fc.double({ min: 0.002, max: 0.09, noNaN: true }),
        fc.constantFrom(0.8, 0.9),
        (p1, effect, power) => {
          const question = { p1, p2: p1 + effect, alpha: 0.05, power, allocation: 1 };
          const { n1 } = valueOfOutcome(sampleSizeProportions(question));
          const design = { p1, n1, n2: n1, alpha: 0.05 };
          expect(valueOfOutcome(powerProportions(design, p1 + effect))).toBeCloseTo(power, 9);
          expect(valueOfOutcome(mdeProportions(design, power))).toBeCloseTo(effect, 9);
        },
      ),
    );
  });

  it("says that no effect can be seen with a handful of people", () => {
    expect(mdeProportions({ p1: 0.5, n1: 3, n2: 3, alpha: 0.05 }, 0.8).reason).toBe("notReachable");
    expect(mdeProportions({ p1: 0.5, n1: 0, n2: 3, alpha: 0.05 }, 0.8).reason).toBe("noContacts");
    expect(powerProportions({ p1: 0, n1: 3, n2: 3, alpha: 0.05 }, 0).reason).toBe("zeroVariance");
    const question = { p1: 0.1, p2: 0.1, alpha: 0.05, power: 0.8, allocation: 1 };
    expect(sampleSizeProportions(question).reason).toBe("invalidInput");
    expect(sampleSizeMeans({ sd: 0, delta: 1, alpha: 0.05, power: 0.8 }).reason).toBe("invalidInput");
    expect(powerMeansLift({ mean: 0, sd: 1, lift: 0.1, nPerArm: 10, alpha: 0.05 }).reason).not.toBeNull();
  });

  it("a test before a roll-out never takes more than half of the audience per arm", () => {
    const positive = fc.double({ min: 1e-4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), positive, positive, (audience, responseSd, priorSd) => {
        const n = valueOfOutcome(testAndRoll({ audience, responseSd, priorSd }));
        expect(n).toBeGreaterThan(0);
        expect(n).toBeLessThanOrEqual(audience / 2);
      }),
    );
  });
});

describe("looks", () => {
  const looks = [0.25, 0.5, 0.75, 1].map((time) => ({ spendTime: time, information: time }));

  it("four planned looks spend α exactly, strictly first and nearly like one test at the end", () => {
    const boundaries = valueOfOutcome(groupSequential(looks, 0.05, "obf"));
    expect(boundaries.at(-1)?.cumAlpha).toBeCloseTo(0.05, 12);
    const crit = boundaries.map((boundary) => boundary.crit);
    expect(crit).toEqual(crit.toSorted((one, two) => two - one));
    expect(crit.at(-1)).toBeGreaterThan(twoSidedCritical(0.05));
    expect(crit.at(-1)).toBeLessThan(2.03);
  });

  it("only ratios of information matter, and a look that was taken does not move when later ones do", () => {
    const boundaries = valueOfOutcome(groupSequential(looks, 0.05, "obf"));
    const scaled = looks.map(({ spendTime, information }) => ({ spendTime, information: information * 4321 }));
    for (const [index, boundary] of valueOfOutcome(groupSequential(scaled, 0.05, "obf")).entries()) {
      expect(boundary.crit).toBeCloseTo(boundaries[index]?.crit ?? 0, 9);
    }
    const soFar = valueOfOutcome(groupSequential(looks.slice(0, 2), 0.05, "obf"));
    expect(soFar[1]?.crit).toBe(boundaries[1]?.crit);
  });

  it("a look that adds no error can never stop", () => {
    const [, second] = valueOfOutcome(
      groupSequential(
        [
          { spendTime: 0.5, information: 1 },
          { spendTime: 0.5, information: 2 },
          { spendTime: 1, information: 3 },
        ],
        0.05,
        "obf",
      ),
    );
    expect(second?.crit).toBe(Number.POSITIVE_INFINITY);
    expect(second?.nominalP).toBe(0);
  });

  it("refuses information that does not grow", () => {
    const still = { spendTime: 0.5, information: 1 };
    expect(groupSequential([still, { spendTime: 1, information: 1 }], 0.05, "obf").reason).toBe("invalidInput");
    expect(groupSequential([], 0.05, "obf").reason).toBe("invalidInput");
  });

  it("an always-valid p is below α exactly where z passes the always-valid boundary", () => {
    const fraction = fc.double({ min: 0.01, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: -8, max: 8, noNaN: true }),
        fraction,
        fc.constantFrom(0.05, 0.01),
        (z, tau, alpha) => {
          const p = valueOfOutcome(alwaysValidP(z, tau, alpha));
          const boundary = valueOfOutcome(mixtureBoundary(tau, alpha)).z;
          if (Math.abs(Math.abs(z) - boundary) > 1e-9) expect(p < alpha).toBe(Math.abs(z) > boundary);
        },
      ),
    );
    expect(alwaysValidP(1, 0, 0.05).reason).toBe("invalidInput");
  });
});

describe("the Bayesian view", () => {
  const arm = fc
    .integer({ min: 0, max: 10_000_000 })
    .chain((n) => fc.record({ n: fc.constant(n), x: fc.nat({ max: n }) }));

  it("one arm is the best: the chances add up to one, and what an arm loses is what the best one has more", () => {
    fc.assert(
      fc.property(fc.array(arm, { minLength: 2, maxLength: 3 }), (arms) => {
        const outcome = bayesProportions(arms, { a: 1, b: 1 }, 0.05);
        expect(uncomputable(outcome)).toEqual([]);
        const value = valueOfOutcome(outcome);
        expect(value.arms.reduce((total, { probBest }) => total + probBest, 0)).toBeCloseTo(1, 6);
        for (const { expectedLoss, postMean } of value.arms) {
          expect(expectedLoss).toBeGreaterThanOrEqual(-1e-12);
          expect(postMean + expectedLoss).toBeCloseTo(value.expectedMax, 6);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("compares an arm without contacts with one where everybody of five million had the outcome", () => {
    const arms = [
      { x: 0, n: 0 },
      { x: 5_147_156, n: 5_147_156 },
    ];
    const outcome = bayesProportions(arms, { a: 1, b: 1 }, 0.05);
    expect(uncomputable(outcome)).toEqual([]);
    expect(valueOfOutcome(outcome).arms[1]?.probBest).toBeCloseTo(1, 6);
  });

  it("an effect's chance to win and risks turn round with its sign", () => {
    const one = valueOfOutcome(bayesEffect({ mean: 0.03, sd: 0.05 }, 0.05));
    const two = valueOfOutcome(bayesEffect({ mean: -0.03, sd: 0.05 }, 0.05));
    expect(two.chanceToWin).toBeCloseTo(1 - one.chanceToWin, 14);
    expect(two.riskControl).toBeCloseTo(one.riskTreatment, 14);
    const flat = valueOfOutcome(
      bayesEffect({ mean: 0.03, sd: 0.05 }, 0.05, { mean: 0, variance: Number.POSITIVE_INFINITY }),
    );
    expect(flat).toEqual(one);
  });

  it("says why not", () => {
    expect(bayesProportions([], { a: 1, b: 1 }, 0.05).reason).toBe("tooFewArms");
    expect(bayesProportions([{ x: 1, n: 2 }], { a: 0, b: 1 }, 0.05).reason).toBe("invalidInput");
    expect(bayesMeans([{ mean: 1, se: 0 }]).reason).toBe("zeroVariance");
    expect(bayesEffect({ mean: 1, sd: 0 }, 0.05).reason).toBe("zeroVariance");
    expect(batchedInference([{ xc: 0, nc: 0, xt: 0, nt: 5 }]).reason).toBe("noContacts");
  });
});
