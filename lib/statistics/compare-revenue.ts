import { compareMeans, type MeanComparison } from "./compare-means";
import { momentsWithZeros, skewnessWithZeros } from "./moments";
import { computed, isOpenShare, type Outcome, unavailable } from "./outcome";
import { permutationTest } from "./permutation";
import type { RandomSource } from "./random";
import { type RevenueArm, winsorize } from "./winsorize";

/** Percentile of the positive values above which revenue is cut, unless the plan says otherwise. */
export const DEFAULT_CAP = 0.99;
/** Above so many values Welch's t is as good and the permutation test is not run. */
const MOST_PERMUTED_VALUES = 20_000;
/** Contacts per squared skewness that a t interval needs (Kohavi et al. 2014, KDD). */
const CONTACTS_PER_SKEWNESS = 355;

export interface RevenuePlan {
  readonly alpha: number;
  /** Percentile of the cap, e.g. 0.99. */
  readonly cap: number;
  readonly random: RandomSource;
  readonly permutations?: number;
}

export interface RevenueComparison {
  /** The comparison that decides: revenue per assigned contact, cut at `cap`. */
  readonly capped: MeanComparison;
  /** As it came in, for showing. */
  readonly raw: MeanComparison;
  readonly cap: number;
  /** The p-value to decide by, and the test it comes from. Intervals are Welch's and Fieller's and may disagree with it. */
  readonly p: number;
  readonly method: "permutation" | "welch";
  /** Contacts are too few for so skewed values: read the intervals with caution. */
  readonly skewed: boolean;
}

/**
 * Revenue per assigned contact, those who bought nothing included. p by the studentised permutation test, by Welch above
 * 20,000 values; values in major units of one currency.
 */
export function compareRevenue(c: RevenueArm, t: RevenueArm, plan: RevenuePlan): Outcome<RevenueComparison> {
  const { alpha, cap: percentile, random, permutations } = plan;
  if (!isOpenShare(alpha)) return unavailable("invalidInput");
  const cut = winsorize([c, t], percentile);
  if (cut.value === null) return cut;
  if ([...c.values, ...t.values].every((value) => value === 0)) return unavailable("noRevenue");
  const [cutC = [], cutT = []] = cut.value.arms.map(({ values }) => values);
  const raw = compareValues(c, t, alpha);
  if (raw.value === null) return raw;
  const cappedC = { n: c.n, values: cutC };
  const cappedT = { n: t.n, values: cutT };
  const capped = compareValues(cappedC, cappedT, alpha);
  if (capped.value === null) return capped;
  const isPermuted = cutC.length + cutT.length <= MOST_PERMUTED_VALUES;
  const test = isPermuted ? permutationTest(cappedC, cappedT, { random, permutations }) : capped;
  if (test.value === null) return test;
  const skewness = Math.max(...[cappedC, cappedT].map(({ n, values }) => Math.abs(skewnessWithZeros(n, values))));
  return computed({
    capped: capped.value,
    raw: raw.value,
    cap: cut.value.cap,
    p: test.value.p,
    method: isPermuted ? "permutation" : "welch",
    skewed: Math.min(c.n, t.n) < CONTACTS_PER_SKEWNESS * skewness ** 2,
  });
}

function compareValues(c: RevenueArm, t: RevenueArm, alpha: number): Outcome<MeanComparison> {
  const control = momentsWithZeros(c.n, c.values);
  if (control.value === null) return control;
  const treatment = momentsWithZeros(t.n, t.values);
  if (treatment.value === null) return treatment;
  return compareMeans(control.value, treatment.value, alpha);
}
