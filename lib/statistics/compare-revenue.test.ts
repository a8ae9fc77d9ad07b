import { describe, expect, it } from "vitest";
import { compareRevenue } from "./compare-revenue";
import { permutationTest } from "./permutation";
import { type RandomSource, seededRandom } from "./random";
import { uncomputable, valueOfOutcome } from "./testing/computable";
import { type RevenueArm, winsorize } from "./winsorize";

function buyers(random: RandomSource, n: number, share: number): RevenueArm {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const count = Array.from({ length: n }, random).filter((value) => value < share).length;
  return { n, values: Array.from({ length: count }, () => Math.exp(3.5 + 1.2 * normal())) };
}

describe("permutation test of revenue", () => {
  it("agrees with the enumeration of every possible allocation", () => {
    // c = {0, 1, 2}, t = {5, 6, 7}: of the 20 splits only the two extreme ones have |T| as large, so p → 2/20.
    const random = seededRandom("enumeration");
    const c = { n: 3, values: [1, 2] };
    const t = { n: 3, values: [5, 6, 7] };
    const { p } = valueOfOutcome(permutationTest(c, t, { random }));
    expect(Math.abs(p - 0.1)).toBeLessThan(0.012);
  });

  it("never says p = 0, and 1 when nothing differs", () => {
    const random = seededRandom("bounds");
    const none = { n: 100, values: [] };
    const many = { n: 100, values: Array.from({ length: 100 }, (_, index) => 10 + index) };
    expect(valueOfOutcome(permutationTest(none, many, { random, permutations: 199 })).p).toBe(1 / 200);
    const same = { n: 50, values: [5, 5, 5] };
    expect(valueOfOutcome(permutationTest(same, same, { random, permutations: 199 })).p).toBeGreaterThan(0.5);
  });

  it("gives the same answer for the same seed, and about the same with the arms swapped", () => {
    const random = seededRandom("data");
    const c = buyers(random, 2000, 0.03);
    const t = buyers(random, 3000, 0.04);
    const run = (one: RevenueArm, two: RevenueArm) =>
      valueOfOutcome(permutationTest(one, two, { random: seededRandom("plan"), permutations: 1999 }));
    expect(run(c, t)).toEqual(run(c, t));
    expect(run(t, c).t).toBeCloseTo(-run(c, t).t, 10);
    expect(Math.abs(run(t, c).p - run(c, t).p)).toBeLessThan(0.05);
  });

  it("holds its error rate where Welch's test errs three times as often: 500 against 4,500, two buyers in a hundred", () => {
    const random = seededRandom("error rate");
    const rounds = 600;
    let permutation = 0;
    let welch = 0;
    for (let round = 0; round < rounds; round += 1) {
      const plan = { alpha: 0.05, cap: 0.99, random, permutations: 199 };
      const { value } = compareRevenue(buyers(random, 500, 0.02), buyers(random, 4500, 0.02), plan);
      if (value !== null && value.p <= 0.05) permutation += 1;
      if (value !== null && value.capped.p <= 0.05) welch += 1;
    }
    // 0.053 and 0.158 in the specification's simulation; ± 4 standard errors of 600 rounds.
    expect(permutation / rounds).toBeLessThan(0.09);
    expect(welch / rounds).toBeGreaterThan(0.1);
  });
});

describe("comparing revenue", () => {
  const random = seededRandom("revenue");
  const c = buyers(random, 2000, 0.03);
  const t = buyers(random, 2000, 0.04);

  it("decides on capped values and shows the raw ones", () => {
    const plan = { alpha: 0.05, cap: 0.9, random, permutations: 199 };
    const value = valueOfOutcome(compareRevenue(c, { n: t.n, values: [...t.values, 1_000_000] }, plan));
    expect(uncomputable(value)).toEqual([]);
    expect(value.cap).toBeLessThan(1000);
    expect(value.raw.diff).toBeGreaterThan(400);
    expect(value.capped.diff).toBeLessThan(20);
    expect(value.method).toBe("permutation");
  });

  it("warns of values too skewed for so few contacts", () => {
    const plan = { alpha: 0.05, cap: 0.99, random, permutations: 99 };
    expect(valueOfOutcome(compareRevenue(c, t, plan)).skewed).toBe(true);
    const even = { n: 5000, values: Array.from({ length: 2500 }, (_, index) => 10 + (index % 2)) };
    expect(valueOfOutcome(compareRevenue(even, even, plan)).skewed).toBe(false);
  });

  it("turns to Welch above twenty thousand values", () => {
    const plan = { alpha: 0.05, cap: 0.99, random };
    const many = { n: 30_000, values: Array.from({ length: 11_000 }, (_, index) => 1 + (index % 50)) };
    const value = valueOfOutcome(compareRevenue(many, many, plan));
    expect(value.method).toBe("welch");
    expect(value.p).toBe(value.capped.p);
  });

  it("says why there is nothing to compare", () => {
    const plan = { alpha: 0.05, cap: 0.99, random };
    expect(compareRevenue({ n: 10, values: [] }, { n: 10, values: [0] }, plan).reason).toBe("noRevenue");
    expect(compareRevenue({ n: 0, values: [] }, c, plan).reason).toBe("noContacts");
    expect(compareRevenue({ n: 1, values: [3] }, c, plan).reason).toBe("tooFewContacts");
    expect(compareRevenue({ n: 1, values: [3, 4] }, c, plan).reason).toBe("invalidInput");
    expect(compareRevenue(c, t, { ...plan, cap: 1 }).reason).toBe("invalidInput");
  });

  it("leaves refunds as they are when it cuts large orders", () => {
    const { cap, arms } = valueOfOutcome(winsorize([{ n: 5, values: [-20, 10, 20, 30, 1000] }], 0.5));
    expect(cap).toBe(25);
    expect(arms[0]?.values).toEqual([-20, 10, 20, 25, 25]);
    expect(arms[0]?.capped).toBe(2);
  });
});
