import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testProportions } from "./compare-proportions";
import { type ArmDelivery, deliveryBalance, effectPerDeliverable } from "./delivery-balance";
import { sum } from "./quadrature";
import { srm, srmSequential } from "./sample-ratio";
import type { TwoArmCounts } from "./score-interval";
import { cmh, mergeSmallStrata, postStratified } from "./strata";
import { omnibus } from "./tables";
import { uncomputable, valueOfOutcome } from "./testing/computable";

fc.configureGlobal({ seed: 20_260_101 });

const count = fc.oneof(fc.constantFrom(0, 1, 10_000_000), fc.integer({ min: 0, max: 10_000_000 }));
const arm = count.chain((n) => fc.record({ n: fc.constant(n), x: fc.integer({ min: 0, max: n }) }));

describe("several arms at once", () => {
  it("two arms are the pooled z-test squared", () => {
    const { stat, df } = valueOfOutcome(
      omnibus([
        { x: 120, n: 1000 },
        { x: 150, n: 1100 },
      ]),
    );
    const { zPooled } = valueOfOutcome(testProportions({ xc: 120, nc: 1000, xt: 150, nt: 1100 }));
    expect(df).toBe(1);
    expect(stat).toBeCloseTo(zPooled ** 2, 10);
  });

  it("order does not matter, arms without contacts say nothing, and nothing is NaN", () => {
    fc.assert(
      fc.property(fc.array(arm, { maxLength: 6 }), (arms) => {
        const one = omnibus(arms);
        expect(uncomputable(one)).toEqual([]);
        const two = omnibus([{ x: 0, n: 0 }, ...arms.toReversed()]);
        expect(two.reason).toBe(one.reason);
        expect(two.value?.df).toBe(one.value?.df);
        expect(two.value?.p ?? 0).toBeCloseTo(one.value?.p ?? 0, 9);
      }),
    );
  });
});

describe("sample ratio mismatch", () => {
  it("raises the alarm for 51/49 of a hundred thousand planned as halves, and not for chance", () => {
    const shares = (one: number, two: number) => [
      { observed: one, weight: 0.5 },
      { observed: two, weight: 0.5 },
    ];
    expect(valueOfOutcome(srm(shares(51_000, 49_000))).alarm).toBe(true);
    expect(valueOfOutcome(srm(shares(50_100, 49_900))).alarm).toBe(false);
    expect(valueOfOutcome(srmSequential(shares(51_000, 49_000))).p).toBeLessThan(0.001);
    expect(valueOfOutcome(srmSequential(shares(50_100, 49_900))).p).toBe(1);
  });

  it("knows plans by their proportions, whatever the scale of the weights, and never gives NaN", () => {
    const weighted = fc.record({ observed: count, weight: fc.integer({ min: 0, max: 20 }) });
    fc.assert(
      fc.property(fc.array(weighted, { maxLength: 5 }), (arms) => {
        const one = srm(arms);
        const scaled = srm(arms.map(({ observed, weight }) => ({ observed, weight: weight / 128 })));
        expect(uncomputable(one)).toEqual([]);
        expect(uncomputable(srmSequential(arms))).toEqual([]);
        expect(scaled.reason).toBe(one.reason);
        expect(scaled.value?.p ?? 0).toBeCloseTo(one.value?.p ?? 0, 9);
      }),
    );
  });

  it("says why it cannot judge", () => {
    expect(srm([{ observed: 5, weight: 1 }]).reason).toBe("tooFewArms");
    const nobody = { observed: 0, weight: 1 };
    expect(srm([nobody, nobody]).reason).toBe("noContacts");
    expect(srm([nobody, { observed: 1, weight: -1 }]).reason).toBe("invalidInput");
  });
});

describe("delivery balance", () => {
  it("fires when one message lost its cold recipients, and closes the effect per deliverable message", () => {
    const arms = [
      { assigned: 20_000, delivered: 18_000, failuresByCode: { "131049": 900, "131026": 1100 } },
      { assigned: 20_000, delivered: 16_000, failuresByCode: { "131049": 2900, "131026": 1100 } },
    ];
    const balance = valueOfOutcome(deliveryBalance(arms));
    expect(balance.biased).toBe(true);
    expect(balance.failuresByCode["131049"]?.p).toBeLessThan(0.001);
    expect(balance.failuresByCode["131026"]?.p).toBe(1);
    const counts = { xc: 1900, nc: 20_000, xt: 1830, nt: 20_000 };
    const input = { counts, delivered: { c: 18_000, t: 16_000 }, deliveredWithOutcome: { c: 1890, t: 1820 } };
    expect(effectPerDeliverable(input, 0.05)).toEqual({ value: null, reason: "deliveryUnbalanced" });
  });

  it("is the effect by assignment when everything was delivered, and larger when less was", () => {
    const counts = { xc: 100, nc: 1000, xt: 140, nt: 1000 };
    const whole = { counts, delivered: { c: 1000, t: 1000 }, deliveredWithOutcome: { c: 100, t: 140 } };
    const all = valueOfOutcome(effectPerDeliverable(whole, 0.05));
    expect(all.diff).toBeCloseTo(0.04, 12);
    expect(all.se).toBeCloseTo(Math.sqrt((0.1 * 0.9 + 0.14 * 0.86) / 1000), 12);
    const partly = { counts, delivered: { c: 800, t: 800 }, deliveredWithOutcome: { c: 90, t: 130 } };
    expect(valueOfOutcome(effectPerDeliverable(partly, 0.05)).diff).toBeCloseTo(0.05, 12);
  });

  it("treats a failure code that an arm does not know as none", () => {
    const arms: ArmDelivery[] = [
      { assigned: 100, delivered: 90, failuresByCode: {} },
      { assigned: 100, delivered: 90, failuresByCode: { "131026": 10 } },
    ];
    expect(valueOfOutcome(deliveryBalance(arms)).failuresByCode["131026"]?.df).toBe(1);
  });
});

describe("strata", () => {
  const strata = [
    { xc: 30, nc: 500, xt: 45, nt: 510 },
    { xc: 0, nc: 1, xt: 1, nt: 4 },
    { xc: 12, nc: 300, xt: 18, nt: 290 },
    { xc: 1, nc: 3, xt: 0, nt: 1 },
  ];
  const people = (list: readonly TwoArmCounts[]) => ({
    withOutcome: sum(list.map(({ xc, xt }) => xc + xt)),
    control: sum(list.map(({ nc }) => nc)),
    treatment: sum(list.map(({ nt }) => nt)),
  });

  it("small strata are merged without losing anybody, and then the difference can be computed", () => {
    expect(postStratified(strata, 0.05).reason).toBe("tooFewContacts");
    const merged = mergeSmallStrata(strata);
    expect(merged).toHaveLength(3);
    expect(people(merged)).toEqual(people(strata));
    expect(uncomputable(valueOfOutcome(postStratified(merged, 0.05)))).toEqual([]);
  });

  it("a remainder that is still too small joins another stratum", () => {
    const merged = mergeSmallStrata([...strata.slice(0, 1), { xc: 0, nc: 1, xt: 0, nt: 0 }]);
    expect(merged).toEqual([{ xc: 30, nc: 501, xt: 45, nt: 510 }]);
  });

  it("one stratum is the N−1 χ² test", () => {
    const counts = { xc: 30, nc: 500, xt: 45, nt: 510 };
    const { zScore, diff } = valueOfOutcome(testProportions(counts));
    const stratified = valueOfOutcome(cmh([counts]));
    expect(stratified.stat).toBeCloseTo(zScore ** 2, 10);
    expect(stratified.mhRiskDiff).toBeCloseTo(diff, 12);
  });

  it("says why it cannot compute", () => {
    expect(cmh([]).reason).toBe("noContacts");
    expect(cmh([{ xc: 0, nc: 5, xt: 0, nt: 5 }]).reason).toBe("zeroVariance");
    expect(cmh([{ xc: 0, nc: 0, xt: 0, nt: 5 }]).reason).toBe("tooFewContacts");
  });
});
