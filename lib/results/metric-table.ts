import { HOLDOUT } from "@/lib/experiments/allocation";
import { twoSidedCritical } from "@/lib/statistics/distributions";
import { wilsonInterval } from "@/lib/statistics/proportion-interval";
import type { AnalysisRecord, Comparison, GuardrailResult, VariantVerdict } from "./analysis";
import type { ArmCounts } from "./arm-counts";
import { compareRates, successes } from "./compare";

/** How one difference reads, in a word that the catalogue `common` has (`words.…`). */
export type DifferenceWord =
  | "better"
  | "better_size_unknown"
  | "better_small"
  | "worse"
  | "equivalent"
  | "unresolved"
  | "unclear";

export type TableMetric = "conversion" | "click" | "reply" | "revenue" | "optOut" | "failure";

/** People of one part: `rate` and its 95 % interval are null where nobody is in the denominator. */
export interface MetricCell {
  key: string;
  count: number;
  total: number;
  rate: number | null;
  interval: { lower: number; upper: number } | null;
  /** Revenue per person instead of a rate, in micros. */
  meanMicros: number | null;
}

export interface MetricDifference {
  key: string;
  estimate: number;
  lower: number;
  upper: number;
  /** Null where the row is judged by its limit, or only informs about deliveries. */
  word: DifferenceWord | null;
  guardrail: Pick<GuardrailResult, "limit" | "status"> | null;
}

export interface MetricRow {
  metric: TableMetric;
  kind: "primary" | "guardrail" | "secondary";
  cells: MetricCell[];
  /** Against the control; empty where the control cannot have the metric. */
  differences: MetricDifference[];
}

/** `assigned` decides; `delivered` only diagnoses, because Meta chooses whom it delivers to. */
export type Denominator = "assigned" | "delivered";

const words: Record<VariantVerdict, DifferenceWord> = {
  SEVERAL_BETTER: "better",
  BETTER: "better",
  BETTER_UNKNOWN_SIZE: "better_size_unknown",
  BETTER_BUT_SMALL: "better_small",
  GUARDRAIL_BREACH: "better",
  WORSE: "worse",
  EQUIVALENT: "equivalent",
  GUARDRAIL_BREACH_NO_GAIN: "unclear",
  INCONCLUSIVE: "unresolved",
};

/** The verdict on one variant as the word of its row; harm by a limit has its own rows. */
export function verdictWord({ verdict }: Pick<Comparison, "verdict">): DifferenceWord {
  return words[verdict];
}

/**
 * Every metric of a record for every part: the primary one as it was decided, the limits as they were judged, and the
 * others for orientation, with intervals that hold together for all variants (Dunnett, metric by metric). By `delivered`
 * nothing decides: no words, no limits.
 */
export function metricTable(record: AnalysisRecord, denominator: Denominator = "assigned"): MetricRow[] {
  const others = (["conversion", "click", "reply"] as const).filter((metric) => metric !== record.metric);
  const secondary = others.map((metric) => rateRow(record, { metric, kind: "secondary", denominator }));
  if (denominator === "delivered") {
    const primary =
      record.metric === "revenue" ? [] : [rateRow(record, { metric: record.metric, kind: "primary", denominator })];
    return [...primary, ...secondary];
  }
  return [primaryRow(record), guardrailRow(record, "optOut"), guardrailRow(record, "failure"), ...secondary];
}

/** Interval of a part's own rate at the plan's error rate. */
function cellOf(record: AnalysisRecord, arm: ArmCounts, counts: { count: number; total: number }): MetricCell {
  const { count, total } = counts;
  const isKnown = total > 0 && count <= total;
  const interval = isKnown ? wilsonInterval(count, total, twoSidedCritical(record.alpha)) : null;
  return {
    key: arm.key,
    count,
    total,
    rate: isKnown ? count / total : null,
    interval: interval && { lower: interval.lo, upper: interval.hi },
    meanMicros: null,
  };
}

function primaryRow(record: AnalysisRecord): MetricRow {
  const { metric, arms, comparisons } = record;
  const cells = arms.filter(canHave(metric)).map((arm): MetricCell => {
    if (metric !== "revenue") return cellOf(record, arm, { count: successes(metric, arm), total: arm.assigned });
    const meanMicros = arm.assigned > 0 ? arm.revenueMicros / arm.assigned : null;
    return { ...cellOf(record, arm, { count: arm.converted, total: arm.assigned }), meanMicros };
  });
  const differences = comparisons.flatMap((one) =>
    one.difference ? [{ key: one.key, ...one.difference, word: verdictWord(one), guardrail: null }] : [],
  );
  return { metric, kind: "primary", cells, differences };
}

function guardrailRow(record: AnalysisRecord, metric: "optOut" | "failure"): MetricRow {
  const count = (arm: ArmCounts) => (metric === "optOut" ? arm.optedOut : arm.failed);
  const cells = record.arms
    .filter(({ key }) => key !== HOLDOUT)
    .map((arm) => cellOf(record, arm, { count: count(arm), total: arm.assigned }));
  const differences = record.comparisons.flatMap(({ key, guardrails }) =>
    guardrails
      .filter((one) => one.metric === metric)
      .map(({ estimate, lower, upper, limit, status }) => ({
        key,
        estimate,
        lower,
        upper,
        word: null,
        guardrail: { limit, status },
      })),
  );
  return { metric, kind: "guardrail", cells, differences };
}

interface RateRow {
  metric: "conversion" | "click" | "reply";
  kind: "primary" | "secondary";
  denominator: Denominator;
}

function rateRow(record: AnalysisRecord, { metric, kind, denominator }: RateRow): MetricRow {
  const x = (arm: ArmCounts) => successes(metric, arm);
  const total = (arm: ArmCounts) => (denominator === "assigned" ? arm.assigned : arm.delivered);
  const arms = record.arms.filter((arm) => canHave(metric)(arm) && (denominator === "assigned" || arm.key !== HOLDOUT));
  const cells = arms.map((arm) => cellOf(record, arm, { count: x(arm), total: total(arm) }));
  const control = arms.find(({ key }) => key === record.control);
  const treatments = arms.filter(({ key }) => record.comparisons.some((one) => one.key === key));
  if (!control || treatments.length === 0) return { metric, kind, cells, differences: [] };
  const counted = (arm: ArmCounts): ArmCounts => ({ ...arm, assigned: total(arm) });
  const isComplete = [control, ...treatments].every((arm) => total(arm) > 0 && x(arm) <= total(arm));
  const parts = { control: counted(control), treatments: treatments.map(counted) };
  const compared = isComplete ? (compareRates(parts, x, { alpha: record.alpha }).value?.compared ?? []) : [];
  const differences = compared.map(({ key, estimate, lower, upper }) => ({
    key,
    estimate,
    lower,
    upper,
    // Their intervals do not allow for looking again: before the end they get no word.
    word: denominator === "assigned" && isLast(record) ? orientation({ lower, upper }) : null,
    guardrail: null,
  }));
  return { metric, kind, cells, differences };
}

/** Whether no further look is planned. */
export const isLast = ({ monitoring }: Pick<AnalysisRecord, "monitoring">): boolean =>
  monitoring === undefined || monitoring.nextAt === null;

/** People who were sent nothing can neither click nor reply. */
function canHave(metric: TableMetric) {
  return ({ key }: ArmCounts) => key !== HOLDOUT || metric === "conversion" || metric === "revenue";
}

function orientation({ lower, upper }: { lower: number; upper: number }): DifferenceWord {
  if (lower > 0) return "better";
  return upper < 0 ? "worse" : "unclear";
}
