import type { ExperimentPlan } from "@/lib/experiments/plan";
import { wilsonInterval } from "@/lib/statistics/proportion-interval";
import type { GuardrailMetric, GuardrailResult } from "./analysis";
import type { ArmCounts } from "./arm-counts";
import { compareRates, type Parts } from "./compare";

const harmed: Record<GuardrailMetric, (arm: ArmCounts) => number> = {
  optOut: (arm) => arm.optedOut,
  failure: (arm) => arm.failed,
};

/**
 * Whether variants harm more than the plan allows, by variant key. `isHoldout`: the control was sent nothing, so a
 * variant's own rate is the harm.
 */
export function judgeGuardrails(
  plan: Pick<ExperimentPlan, "guardrails" | "alpha">,
  parts: Parts,
  { isHoldout, critical }: { isHoldout: boolean; critical: number },
): Map<string, GuardrailResult[]> {
  const limits: Record<GuardrailMetric, number> = {
    optOut: plan.guardrails.optOutPoints / 100,
    failure: plan.guardrails.failurePoints / 100,
  };
  const results = new Map<string, GuardrailResult[]>(parts.treatments.map(({ key }) => [key, []]));
  for (const metric of ["optOut", "failure"] as const) {
    const limit = limits[metric];
    const intervals = isHoldout
      ? ownRates(parts.treatments, harmed[metric], critical)
      : (compareRates(parts, harmed[metric], plan.alpha).value?.compared ?? []);
    for (const { key, estimate, lower, upper } of intervals)
      results
        .get(key)
        ?.push({ metric, estimate, lower, upper, limit, status: guardrailStatus({ estimate, lower, upper, limit }) });
  }
  return results;
}

/** Judged on the interval's bad end; a breach also needs harm that chance does not explain. */
export function guardrailStatus({
  estimate,
  lower,
  upper,
  limit,
}: Pick<GuardrailResult, "estimate" | "lower" | "upper" | "limit">): GuardrailResult["status"] {
  if (upper <= limit) return "inside";
  return lower > 0 && estimate > limit ? "breached" : "watch";
}

function ownRates(arms: readonly ArmCounts[], x: (arm: ArmCounts) => number, critical: number) {
  return arms.flatMap((arm) => {
    if (arm.assigned === 0) return [];
    const { lo, hi } = wilsonInterval(x(arm), arm.assigned, critical);
    return [{ key: arm.key, estimate: x(arm) / arm.assigned, lower: lo, upper: hi }];
  });
}
