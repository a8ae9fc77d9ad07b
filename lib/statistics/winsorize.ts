import { quantile } from "simple-statistics";
import { momentsWithZeros } from "./moments";
import { computed, isOpenShare, type Outcome, unavailable } from "./outcome";

/** Revenue of an arm: everybody assigned, and the values of those who have one other than 0. */
export interface RevenueArm {
  readonly n: number;
  readonly values: readonly number[];
}

export interface Winsorized {
  /** Values above this count as this; 0 when nobody has a positive value. */
  readonly cap: number;
  readonly arms: ReadonlyArray<{
    readonly values: number[];
    readonly mean: number;
    readonly sd: number;
    /** How many values were cut. */
    readonly capped: number;
  }>;
}

/**
 * Cuts values at a percentile of the positive ones, pooled over the arms and so blind to them (quantile of type 7). One very
 * large order would otherwise decide a comparison of means.
 */
export function winsorize(arms: readonly RevenueArm[], prob: number): Outcome<Winsorized> {
  if (!isOpenShare(prob)) return unavailable("invalidInput");
  const positive = arms.flatMap(({ values }) => values.filter((value) => value > 0));
  if (!positive.every(Number.isFinite)) return unavailable("invalidInput");
  const cap = positive.length === 0 ? 0 : quantile(positive, prob);
  const cut = [];
  for (const { n, values } of arms) {
    const kept = values.map((value) => Math.min(value, cap));
    const moments = momentsWithZeros(n, kept);
    if (moments.value === null) return moments;
    const capped = values.filter((value) => value > cap).length;
    cut.push({ values: kept, mean: moments.value.mean, sd: Math.sqrt(moments.value.variance), capped });
  }
  return computed({ cap, arms: cut });
}
