/** Ratios of two sums over contacts (revenue per order, clicks per delivered message). */
import { compareMeans, type MeanComparison } from "./compare-means";
import type { CoMoments, Moments } from "./moments";
import { computed, type Outcome, unavailable } from "./outcome";

/** Σy / Σx as if it were a mean: variance s_y² + r²s_x² − 2r·s_xy over x̄² (delta method; Deng, Knoblich & Lu 2018). */
export function ratioMoments({ n, meanY, meanX, syy, sxx, sxy }: CoMoments): Outcome<Moments> {
  if (n < 2) return unavailable("tooFewContacts");
  if (meanX === 0) return unavailable("noDenominator");
  const ratio = meanY / meanX;
  const variance = (syy + ratio * ratio * sxx - 2 * ratio * sxy) / ((n - 1) * meanX * meanX);
  return computed({ n, mean: ratio, variance: Math.max(0, variance) });
}

/** One arm's ratio and its standard error. */
export function ratioMetric(arm: CoMoments): Outcome<{ value: number; se: number }> {
  const moments = ratioMoments(arm);
  if (moments.value === null) return moments;
  return computed({ value: moments.value.mean, se: Math.sqrt(moments.value.variance / arm.n) });
}

export interface RatioComparison extends MeanComparison {
  readonly valueC: number;
  readonly valueT: number;
}

/** Two arms' ratios by Welch and Fieller on the linearised variances. */
export function compareRatios(c: CoMoments, t: CoMoments, alpha: number): Outcome<RatioComparison> {
  const control = ratioMoments(c);
  if (control.value === null) return control;
  const treatment = ratioMoments(t);
  if (treatment.value === null) return treatment;
  const comparison = compareMeans(control.value, treatment.value, alpha);
  if (comparison.value === null) return comparison;
  return computed({ ...comparison.value, valueC: control.value.mean, valueT: treatment.value.mean });
}
