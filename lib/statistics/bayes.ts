/** The Bayesian view: labelled as such, never the only evidence (a stop at P(best) > 95 % errs in 59 % of A/A tests). */
import { betaCdf, betaPdf, betaQuantile, normCdf, normPdf, twoSidedCritical } from "./distributions";
import { computed, isCount, isOpenShare, type Outcome, unavailable } from "./outcome";
import { panels } from "./quadrature";
import type { ArmCounts } from "./tables";

/** Beta(a, b) before the data; a + b is worth so many contacts (at most 100 from past campaigns). */
export interface BetaPrior {
  readonly a: number;
  readonly b: number;
}

export interface BestArm {
  /** P(this arm has the highest true value). */
  readonly probBest: number;
  /** What choosing this arm costs on average against the best one, in the unit of the metric. */
  readonly expectedLoss: number;
}

export interface RatePosterior extends BestArm {
  readonly postMean: number;
  readonly lo: number;
  readonly hi: number;
}

/** An arm's posterior, for integration: density, distribution function, and where its mass lies. */
interface Posterior {
  readonly mean: number;
  readonly sd: number;
  pdf(u: number): number;
  cdf(u: number): number;
}

/**
 * Rates: posterior Beta(a + x, b + n − x). P(best) = ∫ f_i Π_{j≠i} F_j, expected loss = ∫ F_i (1 − Π_{j≠i} F_j), by
 * quadrature, no simulation. `expectedMax` is the mean of the best arm's rate.
 */
export function bayesProportions(
  arms: readonly ArmCounts[],
  prior: BetaPrior,
  alpha: number,
): Outcome<{ arms: RatePosterior[]; expectedMax: number }> {
  const isValid = arms.every(({ x, n }) => isCount(x) && isCount(n) && x <= n);
  if (!isValid || !(prior.a > 0) || !(prior.b > 0) || !isOpenShare(alpha)) return unavailable("invalidInput");
  if (arms.length === 0) return unavailable("tooFewArms");
  const shapes = arms.map(({ x, n }) => ({ a: prior.a + x, b: prior.b + n - x }));
  const posteriors = shapes.map(({ a, b }) => {
    const mean = a / (a + b);
    const sd = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
    return { mean, sd, pdf: (u: number) => betaPdf(u, a, b), cdf: (u: number) => betaCdf(u, a, b) };
  });
  const lo = Math.min(...shapes.map(({ a, b }) => betaQuantile(1e-17, a, b)));
  const hi = Math.max(...shapes.map(({ a, b }) => 1 - betaQuantile(1e-17, b, a)));
  const best = compareArms(posteriors, { lo, hi });
  return computed({
    arms: best.arms.map(({ arm, index }) => {
      const shape = shapes[index] ?? prior;
      return {
        ...arm,
        postMean: shape.a / (shape.a + shape.b),
        lo: betaQuantile(alpha / 2, shape.a, shape.b),
        hi: betaQuantile(1 - alpha / 2, shape.a, shape.b),
      };
    }),
    expectedMax: hi - best.belowAll,
  });
}

/** A mean and its standard error. */
export interface MeanEstimate {
  readonly mean: number;
  readonly se: number;
}

/** Means: the same with normal posteriors (flat prior). */
export function bayesMeans(arms: readonly MeanEstimate[]): Outcome<BestArm[]> {
  if (!arms.every(({ mean, se }) => Number.isFinite(mean) && Number.isFinite(se) && se >= 0)) {
    return unavailable("invalidInput");
  }
  if (arms.length === 0) return unavailable("tooFewArms");
  if (arms.some(({ se }) => se === 0)) return unavailable("zeroVariance");
  const posteriors = arms.map(({ mean, se }) => ({
    mean,
    sd: se,
    pdf: (u: number) => normPdf((u - mean) / se) / se,
    cdf: (u: number) => normCdf((u - mean) / se),
  }));
  const everywhere = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };
  return computed(compareArms(posteriors, everywhere).arms.map(({ arm }) => arm));
}

/**
 * Ends of the panels in standard deviations from a mean: halves up to 12, then wider ones for the exponential tail of a rate
 * of nearly 0 or 1, whose mass beyond 12 would still be seen in the sixth digit.
 */
const outwards = [...Array.from({ length: 25 }, (_, index) => index / 2), 16, 24, 40];

function compareArms(posteriors: readonly Posterior[], range: { lo: number; hi: number }) {
  const breaks = posteriors.flatMap(({ mean, sd }) =>
    outwards.flatMap((deviations) => [mean - deviations * sd, mean + deviations * sd]),
  );
  const ends = Number.isFinite(range.lo) ? [range.lo, range.hi] : [];
  const within = [...ends, ...breaks.map((end) => Math.min(range.hi, Math.max(range.lo, end)))];
  const nodes = panels(within.sort((one, two) => one - two));
  const totals = posteriors.map(() => ({ probBest: 0, expectedLoss: 0 }));
  let belowAll = 0;
  for (const { x, weight } of nodes) {
    const below = posteriors.map((posterior) => posterior.cdf(x));
    belowAll += weight * below.reduce((product, share) => product * share, 1);
    for (const [index, total] of totals.entries()) {
      const others = below.reduce((product, share, other) => (other === index ? product : product * share), 1);
      total.probBest += others === 0 ? 0 : weight * others * (posteriors[index]?.pdf(x) ?? 0);
      total.expectedLoss += weight * (below[index] ?? 0) * (1 - others);
    }
  }
  return { arms: totals.map((arm, index) => ({ arm, index })), belowAll };
}

export interface EffectPosterior {
  readonly mean: number;
  readonly sd: number;
  /** P(effect > 0) = Φ(m/s). */
  readonly chanceToWin: number;
  /** Expected loss of keeping the control, sφ(m/s) + mΦ(m/s), and of shipping the treatment, sφ(m/s) − mΦ(−m/s). */
  readonly riskControl: number;
  readonly riskTreatment: number;
  readonly lo: number;
  readonly hi: number;
}

/** A normal prior of the effect; without one it is flat. */
export interface EffectPrior {
  readonly mean: number;
  readonly variance: number;
}

/** Posterior N(m, s²) of an effect with estimate `mean` and standard error `sd`. */
export function bayesEffect(
  estimate: { readonly mean: number; readonly sd: number },
  alpha: number,
  prior?: EffectPrior,
): Outcome<EffectPosterior> {
  const { mean: seen, sd: error } = estimate;
  const hasPrior = prior !== undefined && prior.variance !== Number.POSITIVE_INFINITY;
  const isValid = Number.isFinite(seen) && error >= 0 && Number.isFinite(error) && isOpenShare(alpha);
  if (!isValid || (hasPrior && !(prior.variance > 0 && Number.isFinite(prior.mean))))
    return unavailable("invalidInput");
  if (error === 0) return unavailable("zeroVariance");
  const precision = 1 / error ** 2 + (hasPrior ? 1 / prior.variance : 0);
  const mean = hasPrior ? (seen / error ** 2 + prior.mean / prior.variance) / precision : seen;
  const sd = hasPrior ? Math.sqrt(1 / precision) : error;
  const u = mean / sd;
  const half = twoSidedCritical(alpha) * sd;
  return computed({
    mean,
    sd,
    chanceToWin: normCdf(u),
    riskControl: sd * normPdf(u) + mean * normCdf(u),
    riskTreatment: sd * normPdf(u) - mean * normCdf(-u),
    lo: mean - half,
    hi: mean + half,
  });
}
