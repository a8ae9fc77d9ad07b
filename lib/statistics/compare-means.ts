import { tLog10TwoSided, tQuantile, tTwoSided } from "./distributions";
import type { Moments } from "./moments";
import { computed, isOpenShare, type Outcome, type Reason, unavailable } from "./outcome";

export interface MeanComparison {
  /** mean_t − mean_c, its standard error, Satterthwaite's degrees of freedom, Welch's t and two-sided p. */
  readonly diff: number;
  readonly se: number;
  readonly df: number;
  readonly t: number;
  readonly p: number;
  /** For values of p below 1e-300. */
  readonly log10p: number;
  readonly lo: number;
  readonly hi: number;
  /** (mean_t − mean_c) / |mean_c|; null when the control's mean is 0. */
  readonly lift: number | null;
  /** Fieller's interval of mean_t / mean_c − 1: the interval of the lift to decide by. Null with `liftReason`. */
  readonly fiellerLo: number | null;
  readonly fiellerHi: number | null;
  readonly liftReason: Reason | null;
  /** Delta-method lift, for parity with other tools only: it can contradict the difference. */
  readonly deltaSe: number | null;
  readonly deltaP: number | null;
  readonly deltaLo: number | null;
  readonly deltaHi: number | null;
}

/**
 * Two means: Welch's t (1947), and Fieller's interval (1954) of the lift with the same quantile, so that difference and
 * lift exclude "no effect" exactly when p < α. With g = t²s_c²/(n_c m_c²) the interval is
 * (r ± (t/|m_c|)√(v_t(1−g) + r²v_c))/(1−g) − 1 and unbounded from g = 1 on. Assumes independent contacts and sums near
 * normal; for rare or skewed values use `compareRevenue`.
 */
export function compareMeans(c: Moments, t: Moments, alpha: number): Outcome<MeanComparison> {
  const isValid = [c, t].every(
    ({ n, mean, variance }) =>
      n >= 0 && Number.isFinite(n) && Number.isFinite(mean) && Number.isFinite(variance) && variance >= 0,
  );
  if (!isValid || !isOpenShare(alpha)) return unavailable("invalidInput");
  if (c.n === 0 || t.n === 0) return unavailable("noContacts");
  if (c.n < 2 || t.n < 2) return unavailable("tooFewContacts");
  const vc = c.variance / c.n;
  const vt = t.variance / t.n;
  const variance = vc + vt;
  if (!(variance > 0)) return unavailable("zeroVariance");
  const se = Math.sqrt(variance);
  const shareC = vc / variance;
  const shareT = vt / variance;
  const df = 1 / (shareC ** 2 / (c.n - 1) + shareT ** 2 / (t.n - 1));
  const quantile = tQuantile(1 - alpha / 2, df);
  const diff = t.mean - c.mean;
  return computed({
    diff,
    se,
    df,
    t: diff / se,
    p: tTwoSided(diff / se, df),
    log10p: tLog10TwoSided(diff / se, df),
    lo: diff - quantile * se,
    hi: diff + quantile * se,
    ...fiellerLift({ meanC: c.mean, meanT: t.mean, vc, vt }, quantile),
    ...deltaLift({ meanC: c.mean, meanT: t.mean, vc, vt }, quantile, df),
  });
}

/** Means and the variances of the means. */
interface Estimates {
  readonly meanC: number;
  readonly meanT: number;
  readonly vc: number;
  readonly vt: number;
}

function fiellerLift({ meanC, meanT, vc, vt }: Estimates, quantile: number) {
  const lift = meanC === 0 ? null : (meanT - meanC) / Math.abs(meanC);
  const g = (quantile / meanC) * (quantile / meanC) * vc;
  const ratio = meanT / meanC;
  const half = (quantile / Math.abs(meanC)) * Math.sqrt(vt * (1 - g) + ratio * ratio * vc);
  const fiellerLo = (ratio - half) / (1 - g) - 1;
  const fiellerHi = (ratio + half) / (1 - g) - 1;
  // Not finite: a mean so near zero that the ratio leaves the doubles.
  const isBounded = g < 1 && Number.isFinite(fiellerLo) && Number.isFinite(fiellerHi);
  const liftReason: Reason | null = isBounded ? null : "baselineNotDistinguishableFromZero";
  return isBounded
    ? { lift, fiellerLo, fiellerHi, liftReason }
    : { lift: Number.isFinite(lift) ? lift : null, fiellerLo: null, fiellerHi: null, liftReason };
}

function deltaLift({ meanC, meanT, vc, vt }: Estimates, quantile: number, df: number) {
  const ratio = meanT / meanC;
  const deltaSe = Math.sqrt(vt + vc * ratio * ratio) / Math.abs(meanC);
  if (meanC === 0 || !(deltaSe > 0) || !Number.isFinite(deltaSe))
    return { deltaSe: null, deltaP: null, deltaLo: null, deltaHi: null };
  const lift = (meanT - meanC) / Math.abs(meanC);
  return {
    deltaSe,
    deltaP: tTwoSided(lift / deltaSe, df),
    deltaLo: lift - quantile * deltaSe,
    deltaHi: lift + quantile * deltaSe,
  };
}
