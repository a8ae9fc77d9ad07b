/** What a benchmark must reach; `text` says it as the goals are written. */
export interface Goal {
  text: string;
  ratioAtLeast?: number;
  valueAtLeast?: number;
  valueAtMost?: number;
}

/** One measurement: rate or time, beside the reference of the same run. */
export interface BenchRow {
  name: string;
  size: number;
  value: number;
  unit: string;
  /** In the same unit; null where the goal is a figure alone. */
  reference: number | null;
  ratio: number | null;
  goal: Goal;
  /** Of cost against size, between the two sizes; 1 is linear. On the row of the larger size. */
  exponent: number | null;
}

export function isMet({ ratio, value, goal }: BenchRow): boolean {
  if (goal.ratioAtLeast !== undefined && (ratio === null || ratio < goal.ratioAtLeast)) return false;
  if (goal.valueAtLeast !== undefined && value < goal.valueAtLeast) return false;
  return goal.valueAtMost === undefined || value <= goal.valueAtMost;
}

/** How cost grows with size: log(cost ratio) / log(size ratio). */
export function exponentBetween(small: { size: number; cost: number }, large: { size: number; cost: number }): number {
  return Math.log(large.cost / small.cost) / Math.log(large.size / small.size);
}
