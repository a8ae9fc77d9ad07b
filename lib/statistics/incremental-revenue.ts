/** What the campaign earned that would not have come anyway: the assigned against those who were deliberately sent nothing. */
import { compareMeans } from "./compare-means";
import { momentsFromSums, type Sums } from "./moments";
import { computed, type Outcome, unavailable } from "./outcome";

export interface IncrementalRevenue {
  /** (mean per assigned − mean per held-out person)·assigned, in the unit of the sums. */
  readonly incremental: number;
  readonly lo: number;
  readonly hi: number;
  /** Welch's two-sided p that the campaign changed revenue. */
  readonly p: number;
  readonly perAssigned: number;
  readonly perHeldOut: number;
}

/**
 * Incremental revenue against the holdout, interval by Welch. Sums run over everybody assigned and everybody held out, those
 * who bought nothing included, within the same window. Assumes the holdout was drawn at random.
 */
export function incrementalRevenue(assigned: Sums, heldOut: Sums, alpha: number): Outcome<IncrementalRevenue> {
  const control = momentsFromSums(heldOut);
  if (control.value === null) return control;
  const treatment = momentsFromSums(assigned);
  if (treatment.value === null) return treatment;
  const comparison = compareMeans(control.value, treatment.value, alpha);
  if (comparison.value === null) return comparison;
  const { diff, lo, hi, p } = comparison.value;
  return computed({
    incremental: diff * assigned.n,
    lo: lo * assigned.n,
    hi: hi * assigned.n,
    p,
    perAssigned: treatment.value.mean,
    perHeldOut: control.value.mean,
  });
}

export interface ReturnOnSpend extends IncrementalRevenue {
  /** (incremental revenue − spend) / spend: 0 = got the money back, 1 = doubled it. */
  readonly roi: number;
  readonly roiLo: number;
  readonly roiHi: number;
}

/** Return on what the campaign cost; spend in the unit of the sums and known without error. */
export function returnOnSpend(
  groups: { readonly assigned: Sums; readonly heldOut: Sums },
  spend: number,
  alpha: number,
): Outcome<ReturnOnSpend> {
  if (!Number.isFinite(spend) || spend < 0) return unavailable("invalidInput");
  if (spend === 0) return unavailable("noSpend");
  const revenue = incrementalRevenue(groups.assigned, groups.heldOut, alpha);
  if (revenue.value === null) return revenue;
  const { incremental, lo, hi } = revenue.value;
  const roi = (earned: number) => (earned - spend) / spend;
  return computed({ ...revenue.value, roi: roi(incremental), roiLo: roi(lo), roiHi: roi(hi) });
}
