import { describe, expect, it } from "vitest";
import { analysisAt, type ExperimentPlan, experimentPlan } from "./plan";
import { planHash } from "./plan-hash";
import { detectableEffect } from "./power";

const plan: ExperimentPlan = {
  version: 1,
  hypothesis: { change: "un titular con el nombre", outcome: "más compras", reason: "se sienten llamadas" },
  metric: "conversion",
  minimumEffect: { unit: "points", value: 1 },
  baselinePoints: 5,
  windowHours: 168,
  method: "fixed",
  analysis: "end_of_window",
  alpha: 0.05,
  decisionRule: "significance",
  unit: "contact",
  denominator: "assigned",
  guardrails: { optOutPoints: 0.5, failurePoints: 5 },
  arms: [
    { key: "A", weight: 5_000 },
    { key: "B", weight: 5_000 },
  ],
  holdoutBasisPoints: 1_000,
  strata: "country",
  allocation: "hmac-sha256-cut-v1",
};

describe("the plan", () => {
  it("has one hash, whatever order its fields were stored in", () => {
    const shuffled = Object.fromEntries(Object.entries(plan).reverse());
    expect(planHash(experimentPlan.parse(shuffled))).toBe(planHash(plan));
    expect(planHash({ ...plan, windowHours: 167 })).not.toBe(planHash(plan));
  });

  it("measures revenue in money and rates in points", () => {
    expect(experimentPlan.safeParse({ ...plan, metric: "revenue" }).success).toBe(false);
    const money = { ...plan, metric: "revenue", minimumEffect: { unit: "micros", value: 100_000 } };
    expect(experimentPlan.safeParse(money).success).toBe(true);
  });

  it("always has something to compare with", () => {
    const alone = { ...plan, arms: [{ key: "A", weight: 10_000 }] };
    expect(experimentPlan.safeParse(alone).success).toBe(true);
    expect(experimentPlan.safeParse({ ...alone, holdoutBasisPoints: 0 }).success).toBe(false);
    expect(experimentPlan.safeParse({ ...alone, metric: "click" }).success).toBe(false);
  });

  it("has what its method rests on, and nothing of another", () => {
    const accepts = (change: object) => experimentPlan.safeParse({ ...plan, ...change }).success;
    const looks = { method: "looks", spending: "obf", lookShares: [0.25, 0.5, 0.75, 1] };
    expect(accepts(looks)).toBe(true);
    expect(accepts({ ...looks, lookShares: [0.5, 0.25, 1] })).toBe(false);
    expect(accepts({ ...looks, lookShares: [0.25, 0.5] })).toBe(false);
    expect(accepts({ method: "looks" })).toBe(false);
    expect(accepts({ ...looks, method: "fixed" })).toBe(false);
    expect(accepts({ method: "always-valid", plannedRate: 0.05 })).toBe(true);
    expect(accepts({ method: "always-valid" })).toBe(false);
    const money = { metric: "revenue", minimumEffect: { unit: "micros", value: 100_000 } };
    expect(accepts({ ...money, ...looks })).toBe(true);
    expect(accepts({ ...money, method: "always-valid", plannedRate: 0.05 })).toBe(false);
  });

  it("is analysed when the last message's window has passed", () => {
    expect(analysisAt(plan, new Date("2026-12-01T10:00:00Z"))).toEqual(new Date("2026-12-08T10:00:00Z"));
  });
});

/** Analysed once, at the end of a week. */
const once = { method: "fixed", windowHours: 168 } as const;

describe("what can be detected", () => {
  it("agrees with the sample size of the textbook: 3841 a side find 10 % against 12 % with 80 %", () => {
    // R: power.prop.test(p1 = .10, p2 = .12, power = .8) gives n = 3840.847
    const effect = detectableEffect({
      ...once,
      people: 7_682,
      baselinePoints: 10,
      arms: plan.arms,
      holdoutBasisPoints: 0,
    });
    expect(effect.perVariant).toBe(3_841);
    expect(effect.detectablePoints).toBeCloseTo(2, 3);
  });

  it("asks for more when more variants are compared", () => {
    const arms = ["A", "B", "C"].map((key) => ({ key, weight: 1 }));
    const two = detectableEffect({
      ...once,
      people: 6_000,
      baselinePoints: 10,
      arms: arms.slice(0, 2),
      holdoutBasisPoints: 0,
    });
    const three = detectableEffect({ ...once, people: 9_000, baselinePoints: 10, arms, holdoutBasisPoints: 0 });
    expect(three.perVariant).toBe(two.perVariant);
    expect(three.detectablePoints ?? 0).toBeGreaterThan(two.detectablePoints ?? 0);
  });

  it("compares a single variant with the holdout", () => {
    const effect = detectableEffect({
      ...once,
      people: 10_000,
      baselinePoints: 10,
      arms: [{ key: "A", weight: 1 }],
      holdoutBasisPoints: 1_000,
    });
    expect(effect).toMatchObject({ perVariant: 9_000, perControl: 1_000 });
  });

  it("says so when nobody is there to tell a difference", () => {
    const effect = detectableEffect({ ...once, people: 2, baselinePoints: 10, arms: plan.arms, holdoutBasisPoints: 0 });
    expect(effect.detectablePoints).toBeNull();
  });
});
