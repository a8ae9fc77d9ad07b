import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareAllPairs, compareWithControl } from "./compare-arms";
import { compareProportions } from "./compare-proportions";
import { normTwoSided, twoSidedCritical } from "./distributions";
import { benjaminiHochberg, dunnett, holm } from "./multiplicity";
import { shrunkenRates } from "./shrinkage";
import { uncomputable, valueOfOutcome } from "./testing/computable";

fc.configureGlobal({ seed: 20_260_101 });

const control = { x: 500, n: 5000 };
const close = fc.record({ x: fc.integer({ min: 400, max: 650 }), n: fc.constant(5000) });

describe("several arms against a control", () => {
  it("adjusted p-values and simultaneous intervals never contradict each other", () => {
    fc.assert(
      fc.property(fc.array(close, { minLength: 1, maxLength: 4 }), (arms) => {
        const { comparisons } = valueOfOutcome(compareWithControl(control, arms, 0.05));
        for (const { comparison, pAdjusted } of comparisons) {
          if (Math.abs(pAdjusted - 0.05) < 1e-6) continue;
          expect(comparison.scoreLo > 0 || comparison.scoreHi < 0).toBe(pAdjusted < 0.05);
          expect(pAdjusted).toBeGreaterThanOrEqual(comparison.p * (1 - 1e-9));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("one arm is the plain comparison", () => {
    const arm = { x: 560, n: 5000 };
    const { comparisons, critical } = valueOfOutcome(compareWithControl(control, [arm], 0.05));
    const plain = valueOfOutcome(compareProportions({ xc: 500, nc: 5000, xt: 560, nt: 5000 }, 0.05));
    expect(critical).toBeCloseTo(twoSidedCritical(0.05), 9);
    expect(comparisons[0]?.pAdjusted).toBeCloseTo(plain.p, 10);
    expect(comparisons[0]?.comparison.scoreLo).toBeCloseTo(plain.scoreLo, 9);
  });

  it("rare outcomes, decided by Fisher's test, enter the family through their p-value", () => {
    const outcome = compareWithControl(
      { x: 0, n: 4500 },
      [
        { x: 3, n: 500 },
        { x: 0, n: 500 },
      ],
      0.05,
    );
    expect(uncomputable(outcome)).toEqual([]);
    const [rare, none] = valueOfOutcome(outcome).comparisons;
    expect(rare?.comparison.method).toBe("exact");
    expect(rare?.pAdjusted).toBeLessThan(0.05);
    expect(none?.pAdjusted).toBeCloseTo(1, 12);
  });

  it("says why not", () => {
    expect(compareWithControl(control, [], 0.05).reason).toBe("tooFewArms");
    expect(compareWithControl({ x: 0, n: 0 }, [control], 0.05).reason).toBe("noContacts");
  });
});

describe("all pairs of arms", () => {
  it("names a best arm only when it beats every other after adjustment", () => {
    const best = (...x: number[]) =>
      valueOfOutcome(
        compareAllPairs(
          x.map((count) => ({ x: count, n: 5000 })),
          0.05,
        ),
      ).best;
    expect(best(500, 520, 700)).toBe(2);
    expect(best(700, 520, 500)).toBe(0);
    expect(best(500, 690, 700)).toBeNull();
    expect(best(500, 510)).toBeNull();
  });

  it("compares each pair once, at α divided by their number", () => {
    const { pairs } = valueOfOutcome(compareAllPairs([control, control, control, control], 0.05));
    expect(pairs.map(({ first, second }) => `${first}${second}`)).toEqual(["01", "02", "12", "03", "13", "23"]);
    const single = valueOfOutcome(compareProportions({ xc: 500, nc: 5000, xt: 500, nt: 5000 }, 0.05 / 6));
    expect(pairs[0]?.comparison.scoreLo).toBeCloseTo(single.scoreLo, 12);
    expect(compareAllPairs([control], 0.05).reason).toBe("tooFewArms");
  });
});

describe("adjusted p-values", () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

  it("are never below the raw ones, Holm's never below Benjamini and Hochberg's, and keep the order", () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const strict = valueOfOutcome(holm(p));
        const lenient = valueOfOutcome(benjaminiHochberg(p));
        for (const [index, raw] of p.entries()) {
          expect(lenient[index]).toBeGreaterThanOrEqual(raw);
          expect(strict[index]).toBeGreaterThanOrEqual((lenient[index] ?? 0) - 1e-15);
          for (const [other, value] of p.entries()) {
            if (value > raw) expect(strict[other]).toBeGreaterThanOrEqual(strict[index] ?? 0);
          }
        }
      }),
    );
    expect(holm([0.5, Number.NaN]).reason).toBe("invalidInput");
  });

  it("Dunnett's tail keeps its digits far out, where one minus the distribution function is zero", () => {
    const far = valueOfOutcome(dunnett([{ z: 12, n: 1000 }], 1000, 0.05));
    expect((far.p[0] ?? 0) / normTwoSided(12)).toBeCloseTo(1, 6);
    const [adjusted = 0] = valueOfOutcome(
      dunnett(
        [
          { z: 12, n: 1000 },
          { z: 0, n: 1000 },
        ],
        1000,
        0.05,
      ),
    ).p;
    expect(adjusted / normTwoSided(12)).toBeGreaterThan(1);
    expect(adjusted / normTwoSided(12)).toBeLessThan(2);
  });
});

describe("rates of arms chosen for looking best", () => {
  it("are drawn to the mean entirely when they differ no more than chance, and hardly when they differ a lot", () => {
    const even = valueOfOutcome(
      shrunkenRates([
        { x: 500, n: 5000 },
        { x: 505, n: 5000 },
      ]),
    );
    expect(even[0]).toBeCloseTo(0.1005, 12);
    expect(even[1]).toBeCloseTo(0.1005, 12);
    const apart = valueOfOutcome(
      shrunkenRates([
        { x: 500, n: 5000 },
        { x: 1500, n: 5000 },
      ]),
    );
    expect(apart[1]).toBeGreaterThan(0.295);
    expect(apart[1]).toBeLessThan(0.3);
    expect(
      shrunkenRates([
        { x: 0, n: 0 },
        { x: 0, n: 1 },
      ]).reason,
    ).toBe("noContacts");
    expect(
      valueOfOutcome(
        shrunkenRates([
          { x: 0, n: 5 },
          { x: 0, n: 5 },
        ]),
      ),
    ).toEqual([0, 0]);
  });
});
