import { type ExperimentPlan, experimentPlan } from "@/lib/experiments/plan";
import type { AnalysisFacts } from "../analyse";
import { type ArmCounts, emptyArm } from "../arm-counts";

export const examplePlan: ExperimentPlan = experimentPlan.parse({
  version: 1,
  hypothesis: { change: "the offer in the first line", outcome: "more purchases", reason: "people read one line" },
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
  holdoutBasisPoints: 0,
  strata: "none",
  allocation: "hmac-sha256-cut-v1",
});

/** A part of `assigned` people of whom all were sent and delivered the message, unless told. */
export function arm(key: string, assigned: number, counts: Partial<ArmCounts> = {}): ArmCounts {
  const delivery = key === "holdout" ? {} : { attempted: assigned, sent: assigned, delivered: assigned };
  return { ...emptyArm(key), assigned, ...delivery, ...counts };
}

/** Facts of a campaign whose window has passed. */
export function facts(arms: readonly ArmCounts[], overrides: Partial<AnalysisFacts> = {}): AnalysisFacts {
  return {
    campaignId: "0198c0de-0000-7000-8000-000000000001",
    plan: examplePlan,
    arms,
    revenue: new Map(),
    currency: "EUR",
    isFrozen: false,
    missingFeed: null,
    look: { n: 1, count: 1, share: 1 },
    earlier: [],
    nextAt: null,
    plannedAt: new Date("2026-12-08T10:00:00.000Z"),
    takenAt: new Date("2026-12-08T10:00:30.000Z"),
    ...overrides,
  };
}
