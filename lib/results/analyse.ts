import { HOLDOUT } from "@/lib/experiments/allocation";
import type { DueLook } from "@/lib/experiments/method";
import type { ExperimentPlan } from "@/lib/experiments/plan";
import { planHash } from "@/lib/experiments/plan-hash";
import { methodPrice, PLANNED_POWER } from "@/lib/experiments/power";
import { BALANCE_ALARM, deliveryBalance } from "@/lib/statistics/delivery-balance";
import { normQuantile, twoSidedCritical } from "@/lib/statistics/distributions";
import { computed, type Outcome, unavailable } from "@/lib/statistics/outcome";
import { mdeProportions } from "@/lib/statistics/power";
import { srm } from "@/lib/statistics/sample-ratio";
import type { AnalysisRecord, Comparison, DeliveryResult, MissingFeed, Monitoring, SrmResult } from "./analysis";
import { type ArmCounts, emptyArm } from "./arm-counts";
import { bestOf, comparePrimary, type Family, type Parts, type RevenueFacts, successes } from "./compare";
import { judgeGuardrails } from "./guardrails";
import { measureMoney } from "./money";
import { anyTimeP, type Boundary, boundaryOf } from "./monitor";
import { campaignVerdict, headlineOf, isBreached, recommend, variantVerdict, withSeveralBetter } from "./verdict";

export interface AnalysisFacts {
  campaignId: string;
  plan: ExperimentPlan;
  /** Every part, holdout included. */
  arms: readonly ArmCounts[];
  /** Major units of each person who bought, by part. Read for the metric `revenue` only. */
  revenue: ReadonlyMap<string, readonly number[]>;
  currency: string;
  isFrozen: boolean;
  missingFeed: MissingFeed | null;
  /** Which of the planned looks this is. */
  look: Pick<DueLook, "n" | "count" | "share">;
  /** What the earlier looks concluded from, in order. */
  earlier: readonly Monitoring[];
  /** When the look after this one is planned; null at the last. */
  nextAt: Date | null;
  plannedAt: Date;
  takenAt: Date;
}

/** The planned analysis, from counts to verdict. Pure: the same facts give the same record, byte for byte. */
export function analyse(facts: AnalysisFacts): AnalysisRecord {
  const { plan, arms, currency } = facts;
  const hash = planHash(plan);
  const parts = partsOf(plan, arms);
  const money = { revenue: facts.revenue, seed: hash };
  const boundary = boundaryOf(plan, parts, facts);
  const family = familyAt(plan, parts, { money, boundary });
  const critical = family.value?.critical ?? twoSidedCritical(plan.alpha);
  const minimum = plan.minimumEffect;
  const minimumEffect = minimum.unit === "points" ? minimum.value / 100 : minimum.value;
  const guardrails = judgeGuardrails(plan, parts, {
    isHoldout: parts.control.key === HOLDOUT,
    critical,
    alphaEach: boundary?.alphaEach,
  });
  const judged = parts.treatments.map(({ key }) =>
    judge(key, {
      family: family.value,
      reason: family.reason,
      mde: minimumEffect,
      guardrails: guardrails.get(key) ?? [],
    }),
  );
  const best = (keys: readonly string[]) => {
    const arms = parts.treatments.filter(({ key }) => keys.includes(key));
    return bestOf({ metric: plan.metric, alpha: levelAt(plan, boundary) }, arms, money);
  };
  const comparisons = withSeveralBetter(judged, best);
  const better = comparisons.filter(({ verdict }) => verdict.startsWith("BETTER")).map(({ key }) => key);
  const bestKey = best(better);
  const ratio = checkRatio(plan, arms);
  const isStop =
    boundary !== null && comparisons.every(({ difference }) => difference !== null && excludesZero(difference));
  const isLast = facts.look.n === facts.look.count;
  const isOver = facts.takenAt >= facts.plannedAt && (isLast || isStop);
  const overall = campaignVerdict({ srm: ratio, isFrozen: facts.isFrozen, missingFeed: facts.missingFeed, isOver });
  const detectable = detectableEffect(plan, parts, family.value);
  return {
    format: "contraste-analysis@1",
    campaignId: facts.campaignId,
    look: facts.look.n,
    looks: facts.look.count,
    plannedAt: facts.plannedAt.toISOString(),
    takenAt: facts.takenAt.toISOString(),
    planHash: hash,
    metric: plan.metric,
    unit: plan.metric === "revenue" ? "micros" : "share",
    currency,
    windowHours: plan.windowHours,
    alpha: plan.alpha,
    critical: family.value?.critical ?? null,
    minimumEffect,
    control: parts.control.key,
    arms: [...arms],
    srm: ratio,
    delivery: checkDelivery(arms),
    missingFeed: facts.missingFeed,
    ...(boundary && { monitoring: { ...boundary, isStop, nextAt: facts.nextAt?.toISOString() ?? null } }),
    comparisons,
    headline: headlineOf(overall, comparisons, bestKey),
    recommendation: recommend(overall, { comparisons, best: bestKey, isLast }),
    detectable,
    isUnderpowered: detectable === null || detectable > minimumEffect,
    money: measureMoney(arms, plan.alpha, currency),
  };
}

/** The comparisons as this look may make them; none where it can conclude nothing. */
function familyAt(
  plan: ExperimentPlan,
  parts: Parts,
  { money, boundary }: { money: RevenueFacts; boundary: Boundary | null },
): Outcome<Family> {
  if (boundary === null) return comparePrimary(plan, parts, money);
  if (boundary.critical === null) return unavailable("tooFewContacts");
  const family = comparePrimary(plan, parts, money, boundary.critical);
  if (family.value === null || boundary.method === "looks") return family;
  const { compared, critical } = family.value;
  const withP = compared.map((one) => ({
    ...one,
    pAdjusted: anyTimeP(normQuantile(Math.max(one.p, 1e-300) / 2), boundary, plan),
  }));
  return computed({ compared: withP, critical });
}

/** The error rate that all comparisons of this look share: Holm's pairs are tested at it. */
const levelAt = ({ alpha }: Pick<ExperimentPlan, "alpha">, boundary: Boundary | null): number =>
  boundary === null ? alpha : Math.max(1e-12, Math.min(alpha, ((boundary.nominalP ?? 0) * alpha) / boundary.alphaEach));

const excludesZero = ({ lower, upper }: { lower: number; upper: number }): boolean => lower > 0 || upper < 0;

/** A against the others; one variant alone against the people who were sent nothing. */
function partsOf(plan: ExperimentPlan, arms: readonly ArmCounts[]): Parts {
  const armOf = (key: string) => arms.find((arm) => arm.key === key) ?? emptyArm(key);
  const [first = "A", ...others] = plan.arms.map(({ key }) => key).sort();
  return others.length === 0
    ? { control: armOf(HOLDOUT), treatments: [armOf(first)] }
    : { control: armOf(first), treatments: others.map(armOf) };
}

interface Judging {
  family: Family | null;
  reason: string | null;
  mde: number;
  guardrails: Comparison["guardrails"];
}

function judge(key: string, { family, reason, mde, guardrails }: Judging): Comparison {
  const compared = family?.compared.find((one) => one.key === key);
  if (!compared)
    return {
      key,
      verdict: "INCONCLUSIVE",
      difference: null,
      reason: reason ?? "noContacts",
      value: null,
      controlValue: null,
      p: null,
      pAdjusted: null,
      test: null,
      guardrails,
    };
  const { estimate, lower, upper, ...rest } = compared;
  const verdict = variantVerdict({ lower, upper, mde, isBreached: isBreached(guardrails) });
  return { ...rest, verdict, difference: { estimate, lower, upper }, reason: null, guardrails };
}

/** Shares of everybody, holdout included, as planned. */
export function plannedShares(plan: Pick<ExperimentPlan, "arms" | "holdoutBasisPoints">): Map<string, number> {
  const weights = plan.arms.reduce((sum, { weight }) => sum + weight, 0);
  const written = (10_000 - plan.holdoutBasisPoints) / 10_000;
  const shares = new Map(plan.arms.map(({ key, weight }) => [key, (written * weight) / weights]));
  if (plan.holdoutBasisPoints > 0) shares.set(HOLDOUT, plan.holdoutBasisPoints / 10_000);
  return shares;
}

/** Sample ratio of all parts against the plan; null while nobody is assigned. */
export function checkRatio(
  plan: Pick<ExperimentPlan, "arms" | "holdoutBasisPoints">,
  arms: readonly Pick<ArmCounts, "key" | "assigned">[],
): SrmResult | null {
  const parts = [...plannedShares(plan)].map(([key, planned]) => ({
    key,
    planned,
    observed: arms.find((arm) => arm.key === key)?.assigned ?? 0,
  }));
  const result = srm(parts.map(({ observed, planned }) => ({ observed, weight: planned })));
  return result.value && { ...result.value, parts };
}

/** Whether Meta delivered the variants alike; null where there is nothing to compare. */
export function checkDelivery(
  arms: readonly Pick<ArmCounts, "key" | "assigned" | "delivered" | "failuresByCode">[],
): DeliveryResult | null {
  const result = deliveryBalance(arms.filter(({ key }) => key !== HOLDOUT));
  if (result.value === null) return null;
  const { delivered, failuresByCode, biased } = result.value;
  const biasedCodes = Object.keys(failuresByCode).filter((code) => (failuresByCode[code]?.p ?? 1) < BALANCE_ALARM);
  return { ...delivered, isBiased: biased, biasedCodes };
}

/** The increase over the control's own rate that the smallest variant shows with 80 % probability (ux.md, mde80). */
function detectableEffect(plan: ExperimentPlan, { control, treatments }: Parts, family: Family | null): number | null {
  if (plan.metric === "revenue") {
    const widths = family?.compared.map(({ lower, upper }) => (upper - lower) / 2 / family.critical) ?? [];
    return widths.length === 0 || !family
      ? null
      : Math.max(...widths) * (family.critical + normQuantile(PLANNED_POWER));
  }
  const n2 = Math.min(...treatments.map(({ assigned }) => assigned));
  if (control.assigned === 0 || n2 === 0) return null;
  const p1 = successes(plan.metric, control) / control.assigned;
  const alphaEach = plan.alpha / treatments.length;
  const { inflation } = methodPrice(plan.method, { windowHours: plan.windowHours, alphaEach });
  const design = { p1, n1: control.assigned / inflation, n2: n2 / inflation, alpha: alphaEach };
  return mdeProportions(design, PLANNED_POWER).value;
}
