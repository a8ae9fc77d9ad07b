import { LOOK_SHARES } from "@/lib/experiments/method";
import { ALLOCATION_METHOD, type ExperimentPlan, experimentPlan, holdoutMetrics } from "@/lib/experiments/plan";
import type { BuilderStep, CampaignGoal, CampaignVariant } from "./campaign";
import type { CampaignSchedule } from "./schedule";

/** What the builder's steps hold, as far as it decides whether they are done. */
export interface Draft {
  goal: CampaignGoal;
  segmentId: string | null;
  purposeId: string | null;
  numberId: string | null;
  holdoutBasisPoints: number;
  /** Null: as soon as launched; always null in a schedule by local time. */
  startsAt: Date | null;
  deadlineAt: Date | null;
  schedule: CampaignSchedule;
  variants: readonly CampaignVariant[];
}

export const stepProblemCodes = [
  "metric_missing",
  "minimum_effect_missing",
  "window_missing",
  "metric_needs_message",
  "segment_missing",
  "purpose_missing",
  "number_missing",
  "template_missing",
  "weights_not_100",
  "weight_zero",
  "one_variant_without_holdout",
  "starts_in_past",
  "local_in_past",
  "deadline_in_past",
  "deadline_before_start",
] as const;
export type StepProblemCode = (typeof stepProblemCodes)[number];

export interface StepProblem {
  step: Exclude<BuilderStep, "review">;
  code: StepProblemCode;
  variant?: string;
}

const FULL_SPLIT = 10_000;

/** What keeps the steps from being done (ux.md 2, "Done when"). Nobody has to count people for it: see preflight.ts. */
export function stepProblems(draft: Draft, now: Date): StepProblem[] {
  const problems: StepProblem[] = [];
  const add = (step: StepProblem["step"], code: StepProblemCode, variant?: string) =>
    problems.push(variant === undefined ? { step, code } : { step, code, variant });
  const { goal, variants } = draft;
  if (!goal.metric) add("goal", "metric_missing");
  if (goal.metric && minimumEffectOf(goal) === undefined) add("goal", "minimum_effect_missing");
  if (!goal.windowHours) add("goal", "window_missing");
  if (!draft.segmentId) add("audience", "segment_missing");
  if (!draft.purposeId) add("audience", "purpose_missing");
  if (!draft.numberId) add("variants", "number_missing");
  for (const { key, templateId, weight } of variants) {
    if (!templateId) add("variants", "template_missing", key);
    if (weight === 0) add("variants", "weight_zero", key);
  }
  if (variants.reduce((sum, { weight }) => sum + weight, 0) !== FULL_SPLIT) add("variants", "weights_not_100");
  if (variants.length < 2 && draft.holdoutBasisPoints === 0) add("variants", "one_variant_without_holdout");
  if (variants.length < 2 && goal.metric && !holdoutMetrics.includes(goal.metric)) add("goal", "metric_needs_message");
  if (draft.startsAt && draft.startsAt < now) add("schedule", "starts_in_past");
  const local = localSpan(draft.schedule);
  if (local && local.last < now) add("schedule", "local_in_past");
  if (draft.deadlineAt && draft.deadlineAt <= now) add("schedule", "deadline_in_past");
  if (local && draft.deadlineAt && draft.deadlineAt <= local.first) add("schedule", "deadline_before_start");
  return problems;
}

const HOUR_MS = 3_600_000;

/** When a local time comes first and last anywhere: clocks are between fourteen hours ahead of UTC and twelve behind. */
function localSpan({ timing }: CampaignSchedule): { first: Date; last: Date } | undefined {
  if (timing.kind !== "local") return undefined;
  const utc = Date.parse(`${timing.date}T${timing.time}:00Z`);
  return { first: new Date(utc - 14 * HOUR_MS), last: new Date(utc + 12 * HOUR_MS) };
}

function minimumEffectOf(goal: CampaignGoal): ExperimentPlan["minimumEffect"] | undefined {
  if (goal.metric === "revenue")
    return goal.minimumEffectMicros === null ? undefined : { unit: "micros", value: goal.minimumEffectMicros };
  return goal.minimumEffectPoints === null ? undefined : { unit: "points", value: goal.minimumEffectPoints };
}

/** Nobody knows the rate of the control: then a typical one. Always-valid intervals hold whatever it is. */
const TYPICAL_RATE = 0.05;

/** Money is compared at planned looks where somebody asked for figures at any time: its clock cannot be planned. */
function methodOf({ method, metric, baselinePoints }: CampaignGoal) {
  if (method === "fixed") return { method };
  if (method === "always-valid" && metric !== "revenue")
    return { method, plannedRate: baselinePoints === null ? TYPICAL_RATE : baselinePoints / 100 };
  return { method: "looks", lookShares: [...LOOK_SHARES], spending: "obf" };
}

/** The experiment that a draft describes; undefined while a step that it needs is not done. */
export function planOf({ goal, holdoutBasisPoints, variants }: Draft): ExperimentPlan | undefined {
  const plan = experimentPlan.safeParse({
    version: 1,
    hypothesis: goal.hypothesis,
    metric: goal.metric,
    minimumEffect: minimumEffectOf(goal),
    baselinePoints: goal.baselinePoints,
    windowHours: goal.windowHours,
    ...methodOf(goal),
    analysis: "end_of_window",
    alpha: 0.05,
    decisionRule: "significance",
    unit: "contact",
    denominator: "assigned",
    guardrails: goal.guardrails,
    arms: variants.map(({ key, weight }) => ({ key, weight })),
    holdoutBasisPoints,
    strata: goal.strata,
    allocation: ALLOCATION_METHOD,
  });
  return plan.success ? plan.data : undefined;
}
