/** Tables of counts over several arms. */
import { chi2Sf } from "./distributions";
import { computed, isCount, type Outcome, unavailable } from "./outcome";
import { sum } from "./quadrature";

/** x contacts with the outcome among n. */
export interface ArmCounts {
  readonly x: number;
  readonly n: number;
}

export interface ChiSquare {
  readonly stat: number;
  readonly df: number;
  readonly p: number;
}

/**
 * Do all arms have the same rate? Pearson's χ² of the k×2 table, df = k − 1, without continuity correction. Arms without
 * contacts say nothing and are left out; stat 0 and p 1 when nobody or everybody had the outcome.
 */
export function omnibus(arms: readonly ArmCounts[]): Outcome<ChiSquare> {
  if (!arms.every(({ x, n }) => isCount(x) && isCount(n) && x <= n)) return unavailable("invalidInput");
  const present = arms.filter(({ n }) => n > 0);
  if (present.length === 0) return unavailable("noContacts");
  if (present.length < 2) return unavailable("tooFewArms");
  const rate = sum(present.map(({ x }) => x)) / sum(present.map(({ n }) => n));
  const spread = rate * (1 - rate);
  const stat = spread === 0 ? 0 : sum(present.map(({ x, n }) => (x - n * rate) ** 2 / (n * spread)));
  const df = present.length - 1;
  return computed({ stat, df, p: chi2Sf(stat, df) });
}
