/**
 * Score intervals for two proportions (Miettinen & Nurminen 1985, Stat Med 4:213): every value of the difference or ratio
 * that the score test does not reject. At "no effect" the statistic is the pooled z·√((N−1)/N), the N−1 χ² of
 * Campbell (2007), so interval and test agree.
 */
import type { Interval } from "./proportion-interval";
import { bisect } from "./root";

/** Control (c) and treatment (t): x contacts with the outcome among n. */
export interface TwoArmCounts {
  readonly xc: number;
  readonly nc: number;
  readonly xt: number;
  readonly nt: number;
}

/** Bounds of ln(ratio) that are searched: e^±60 is beyond what 1e7 contacts can tell. */
const LOG_RATIO_LIMIT = 60;

/** Interval of p_t − p_c at a critical value; both arms have contacts. */
export function scoreIntervalOfDifference(counts: TwoArmCounts, critical: number): Interval {
  const difference = counts.xt / counts.nt - counts.xc / counts.nc;
  return {
    lo: difference <= -1 ? -1 : bisect((delta) => zOfDifference(counts, delta) - critical, -1, difference),
    hi: difference >= 1 ? 1 : bisect((delta) => zOfDifference(counts, delta) + critical, difference, 1),
  };
}

/** Interval of p_t / p_c at a critical value; [0, ∞] when nobody had the outcome, upper bound ∞ when no control had it. */
export function scoreIntervalOfRatio(counts: TwoArmCounts, critical: number): Interval {
  const { xc, nc, xt, nt } = counts;
  if (xc === 0 && xt === 0) return { lo: 0, hi: Number.POSITIVE_INFINITY };
  const z = (logRatio: number) => zOfRatio(counts, Math.exp(logRatio));
  const centre = xc === 0 ? LOG_RATIO_LIMIT : xt === 0 ? -LOG_RATIO_LIMIT : Math.log(xt / nt / (xc / nc));
  return {
    lo: xt === 0 ? 0 : Math.exp(bisect((logRatio) => z(logRatio) - critical, -LOG_RATIO_LIMIT, centre)),
    hi:
      xc === 0
        ? Number.POSITIVE_INFINITY
        : Math.exp(bisect((logRatio) => z(logRatio) + critical, centre, LOG_RATIO_LIMIT)),
  };
}

/** z(δ) = (p_t − p_c − δ)/√V(δ), V from the maximum-likelihood rates under p_t − p_c = δ, times N/(N−1). */
function zOfDifference(counts: TwoArmCounts, delta: number): number {
  const { xc, nc, xt, nt } = counts;
  const control = restrictedControlRate(counts, delta);
  const treatment = control + delta;
  const variance = (treatment * (1 - treatment)) / nt + (control * (1 - control)) / nc;
  return standardise(xt / nt - xc / nc - delta, variance, nc + nt);
}

/**
 * The most likely p_c when p_t = p_c + δ. The slope of the log likelihood falls from +∞ to −∞ on the possible range, so its
 * root is bisected: the closed cubic of Farrington & Manning (1990) loses digits at 1e7 contacts.
 */
function restrictedControlRate({ xc, nc, xt, nt }: TwoArmCounts, delta: number): number {
  const lo = Math.max(0, -delta);
  const hi = Math.min(1, 1 - delta);
  const slope = (control: number) => {
    const treatment = control + delta;
    let total = 0;
    if (xc > 0) total += xc / control;
    if (nc > xc) total -= (nc - xc) / (1 - control);
    if (xt > 0) total += xt / treatment;
    if (nt > xt) total -= (nt - xt) / (1 - treatment);
    return total;
  };
  const margin = (hi - lo) * 1e-16;
  if (slope(lo + margin) <= 0) return lo;
  const slopeAtEnd = slope(hi - margin);
  return slopeAtEnd > 0 && Number.isFinite(slopeAtEnd) ? hi : bisect(slope, lo, hi);
}

/**
 * z(R) = (p_t − R·p_c)/√V(R), with the maximum-likelihood rates under p_t = R·p_c in closed form. The discriminant is written
 * as a sum without negative terms; as B² − 4AC it loses its digits where nearly everybody has the outcome.
 */
function zOfRatio({ xc, nc, xt, nt }: TwoArmCounts, ratio: number): number {
  const scaled = (nt + xc) * ratio;
  const fixed = nc + xt;
  const discriminant = (scaled - fixed) ** 2 + 4 * ratio * (nt - xt) * (nc - xc);
  const root = (2 * (xc + xt)) / (scaled + fixed + Math.sqrt(discriminant));
  const control = Math.min(root, 1, 1 / ratio);
  const treatment = ratio * control;
  const variance = (treatment * (1 - treatment)) / nt + (ratio * ratio * control * (1 - control)) / nc;
  return standardise(xt / nt - (ratio * xc) / nc, variance, nc + nt);
}

function standardise(difference: number, variance: number, contacts: number): number {
  if (variance > 0) return difference / Math.sqrt((variance * contacts) / (contacts - 1));
  return difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
}
