/** Several comparisons at once: adjusted p-values, in the order given. Only adjusted p drive badges. */
import { normPdf, normSf, twoSidedCritical } from "./distributions";
import { computed, isCount, isOpenShare, type Outcome, unavailable } from "./outcome";
import { gaussLegendre, panels, sum } from "./quadrature";
import { bisect } from "./root";

/** Holm (1979): controls the chance of any false rejection, whatever the dependence. */
export function holm(pValues: readonly number[]): Outcome<number[]> {
  if (!pValues.every((p) => p >= 0 && p <= 1)) return unavailable("invalidInput");
  const sorted = pValues.map((p, index) => ({ p, index })).sort((one, two) => one.p - two.p);
  const adjusted = new Map<number, number>();
  let largest = 0;
  for (const [rank, { p, index }] of sorted.entries()) {
    largest = Math.max(largest, Math.min(1, p * (sorted.length - rank)));
    adjusted.set(index, largest);
  }
  return computed(pValues.map((p, index) => adjusted.get(index) ?? p));
}

/** Benjamini & Hochberg (1995): controls the share of false among the rejected, for independent or positively related tests. */
export function benjaminiHochberg(pValues: readonly number[]): Outcome<number[]> {
  if (!pValues.every((p) => p >= 0 && p <= 1)) return unavailable("invalidInput");
  const sorted = pValues.map((p, index) => ({ p, index })).sort((one, two) => two.p - one.p);
  const adjusted = new Map<number, number>();
  let smallest = 1;
  for (const [rank, { p, index }] of sorted.entries()) {
    smallest = Math.min(smallest, p * (sorted.length / (sorted.length - rank)));
    adjusted.set(index, smallest);
  }
  return computed(pValues.map((p, index) => adjusted.get(index) ?? p));
}

/** An arm compared with the control: its z (of the score test, or Welch's t through its p) and its contacts. */
export interface ControlComparison {
  readonly z: number;
  readonly n: number;
}

export interface Dunnett {
  /** Adjusted p of each comparison. */
  readonly p: number[];
  /** The critical value for all comparisons: pass it to the interval functions for simultaneous intervals. */
  readonly crit: number;
}

/**
 * Several arms against one control (Dunnett 1955), large samples: with λ_i = √(n_i/(n_i + n_0)),
 * P(max|Z| > c) = ∫ φ(u) {1 − Π_i [Φ((λ_i u + c)/√(1−λ_i²)) − Φ((λ_i u − c)/√(1−λ_i²))]} du, integrated as a tail.
 */
export function dunnett(comparisons: readonly ControlComparison[], nControl: number, alpha: number): Outcome<Dunnett> {
  const isValid = comparisons.every(({ z, n }) => Number.isFinite(z) && isCount(n)) && isCount(nControl);
  if (!isValid || !isOpenShare(alpha)) return unavailable("invalidInput");
  if (comparisons.length === 0) return unavailable("tooFewArms");
  if (nControl === 0 || comparisons.some(({ n }) => n === 0)) return unavailable("noContacts");
  const loadings = comparisons.map(({ n }) => Math.sqrt(n / (n + nControl)));
  return computed({
    p: comparisons.map(({ z }) => maximumSf(Math.abs(z), loadings)),
    // Between the critical values of one comparison and of Bonferroni.
    crit: bisect(
      (c) => maximumSf(c, loadings) - alpha,
      twoSidedCritical(alpha) - 1e-6,
      twoSidedCritical(alpha / loadings.length) + 1e-6,
    ),
  });
}

const panelRule = gaussLegendre(16);
/** Ends of the panels around a step of the integrand, in units of its width. */
const aroundStep = [-8, -4, -2, -1, 0, 1, 2, 4, 8];

/**
 * P(max|Z_i| > c) for Z_i with the correlations λ_i λ_j. The integrand is even and steps where λ_i u passes c, steeply when
 * the control is small; the panels follow.
 */
function maximumSf(c: number, loadings: readonly number[]): number {
  const range = 9 + c;
  const steps = [...new Set(loadings)].flatMap((loading) => {
    const width = Math.sqrt(1 - loading * loading) / loading;
    return aroundStep.map((units) => c / loading + units * width);
  });
  const breaks = [...Array.from({ length: 12 }, (_, index) => (range * index) / 12), ...steps, range]
    .filter((end) => end >= 0 && end <= range)
    .sort((one, two) => one - two);
  const tail = panels(breaks, panelRule).map(({ x, weight }) => {
    const logInside = sum(
      loadings.map((loading) => {
        const spread = Math.sqrt(1 - loading * loading);
        return Math.log1p(-Math.min(1, normSf((c + loading * x) / spread) + normSf((c - loading * x) / spread)));
      }),
    );
    return 2 * weight * normPdf(x) * -Math.expm1(logInside);
  });
  return Math.min(1, sum(tail));
}
