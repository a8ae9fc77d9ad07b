import { tQuantile } from "@/lib/statistics/distributions";

/** Incremental money of one campaign against its holdout, with what adding needs. Micros of one currency. */
export interface Incremental {
  estimate: number;
  se: number;
  /** Welch–Satterthwaite. */
  df: number;
}

export interface Interval {
  estimate: number;
  lower: number;
  upper: number;
}

/**
 * Several campaigns together: estimates and variances add up, ends of intervals never do. Degrees of freedom by
 * Satterthwaite, so that one campaign alone keeps its own interval. Assumes campaigns with holdouts drawn independently.
 * Null for none: nothing measured is not a zero.
 */
export function addIncrementals(campaigns: readonly Incremental[], alpha: number): (Interval & { se: number }) | null {
  if (campaigns.length === 0) return null;
  const estimate = campaigns.reduce((sum, one) => sum + one.estimate, 0);
  const variance = campaigns.reduce((sum, { se }) => sum + se ** 2, 0);
  const spread = campaigns.reduce((sum, { se, df }) => sum + se ** 4 / df, 0);
  const se = Math.sqrt(variance);
  const half = spread > 0 ? tQuantile(1 - alpha / 2, variance ** 2 / spread) * se : 0;
  return { estimate, lower: estimate - half, upper: estimate + half, se };
}

/** Money back for each unit spent: 1 = as much as was spent. Null where nothing was spent. */
export function perUnitSpent(incremental: Interval, spendMicros: number): Interval | null {
  if (spendMicros <= 0) return null;
  const { estimate, lower, upper } = incremental;
  return { estimate: estimate / spendMicros, lower: lower / spendMicros, upper: upper / spendMicros };
}
