import type { ExperimentPlan } from "@/lib/experiments/plan";
import { wilsonInterval } from "@/lib/statistics/proportion-interval";
import type { GuardrailMetric, GuardrailResult } from "./analysis";
import type { ArmCounts } from "./arm-counts";
import { compareRates, type Parts } from "./compare";
import { guardrailBoundary } from "./monitor";

const harmed: Record<GuardrailMetric, (arm: ArmCounts) => number> = {
  optOut: (arm) => arm.optedOut,
  failure: (arm) => arm.failed,
};

/**
 * Whether variants harm more than the plan allows, by variant key. `isHoldout`: the control was sent nothing, so a
 * variant's own rate is the harm. `alphaEach`: of a plan that looks more than once; then the intervals hold at every look.
 */
export function judgeGuardrails(
  plan: Pick<ExperimentPlan, "guardrails" | "alpha">,
  parts: Parts,
  { isHoldout, critical, alphaEach }: { isHoldout: boolean; critical: number; alphaEach: number | undefined },
): Map<string, GuardrailResult[]> {
  const limits: Record<GuardrailMetric, number> = {
    optOut: plan.guardrails.optOutPoints / 100,
    failure: plan.guardrails.failurePoints / 100,
  };
  const results = new Map<string, GuardrailResult[]>(parts.treatments.map(({ key }) => [key, []]));
  for (const metric of ["optOut", "failure"] as const) {
    const limit = limits[metric];
    const arms = isHoldout ? parts.treatments : [parts.control, ...parts.treatments];
    const harm = arms.reduce((sum, arm) => sum + harmed[metric](arm), 0);
    const boundary = alphaEach === undefined ? undefined : guardrailBoundary(arms, { harmed: harm, limit, alphaEach });
    const intervals = isHoldout
      ? ownRates(parts.treatments, harmed[metric], boundary ?? critical)
      : (compareRates(parts, harmed[metric], { alpha: plan.alpha, boundary }).value?.compared ?? []);
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
