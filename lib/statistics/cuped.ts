import { normTwoSided, twoSidedCritical } from "./distributions";
import type { CoMoments } from "./moments";
import { computed, isOpenShare, type Outcome, unavailable } from "./outcome";

export interface Cuped {
  /** Slope of outcome on covariate, within arms. */
  readonly theta: number;
  /** Adjusted means and their difference. */
  readonly meanC: number;
  readonly meanT: number;
  readonly diff: number;
  readonly se: number;
  readonly p: number;
  readonly lo: number;
  readonly hi: number;
  /** 1 − (se with / se without adjustment)²; null when the outcome has no spread. */
  readonly varReduction: number | null;
}

/**
 * Difference of means adjusted for a covariate from before the assignment (Deng, Xu, Kohavi & Walker 2013): y − θ(x − x̄) with
 * θ = pooled within-arm cov(y, x)/var(x), which equals the ANCOVA coefficient and is not contaminated by the effect.
 * Normal quantile: for large samples. For a yes/no outcome it is a linear-probability adjustment.
 */
export function cuped(c: CoMoments, t: CoMoments, alpha: number): Outcome<Cuped> {
  if (!isOpenShare(alpha)) return unavailable("invalidInput");
  if (c.n < 2 || t.n < 2) return unavailable("tooFewContacts");
  const covariateSpread = c.sxx + t.sxx;
  if (!(covariateSpread > 0)) return unavailable("constantCovariate");
  const theta = (c.sxy + t.sxy) / covariateSpread;
  const meanX = (c.n * c.meanX + t.n * t.meanX) / (c.n + t.n);
  const adjust = ({ n, meanY, meanX: own, syy, sxx, sxy }: CoMoments) => ({
    mean: meanY - theta * (own - meanX),
    variance: Math.max(0, syy - 2 * theta * sxy + theta * theta * sxx) / ((n - 1) * n),
  });
  const control = adjust(c);
  const treatment = adjust(t);
  const variance = control.variance + treatment.variance;
  if (!(variance > 0)) return unavailable("zeroVariance");
  const unadjusted = c.syy / ((c.n - 1) * c.n) + t.syy / ((t.n - 1) * t.n);
  const diff = treatment.mean - control.mean;
  const se = Math.sqrt(variance);
  const half = twoSidedCritical(alpha) * se;
  return computed({
    theta,
    meanC: control.mean,
    meanT: treatment.mean,
    diff,
    se,
    p: normTwoSided(diff / se),
    lo: diff - half,
    hi: diff + half,
    varReduction: unadjusted > 0 ? 1 - variance / unadjusted : null,
  });
}
