/** Comparisons within strata (send blocks, countries, history), so that a stratum's size or rate cannot pose as an effect. */
import { chi2Sf, normTwoSided, twoSidedCritical } from "./distributions";
import { computed, isCount, isOpenShare, type Outcome, unavailable } from "./outcome";
import { sum } from "./quadrature";
import type { TwoArmCounts } from "./score-interval";
import type { ChiSquare } from "./tables";

export interface StratifiedTest {
  /** χ² with one degree of freedom. */
  readonly stat: number;
  readonly p: number;
  readonly mhRiskDiff: number;
  /** Infinity when no control had the outcome. */
  readonly mhRiskRatio: number | null;
}

/** Cochran–Mantel–Haenszel test without continuity correction, with the Mantel–Haenszel risk difference and ratio. */
export function cmh(strata: readonly TwoArmCounts[]): Outcome<StratifiedTest> {
  const fault = faultOf(strata, 1);
  if (fault) return fault;
  const terms = strata.map(({ xc, nc, xt, nt }) => {
    const total = nc + nt;
    const successes = xc + xt;
    return {
      excess: xt - (successes * nt) / total,
      variance: (((nc * nt) / total) * ((successes * (total - successes)) / total)) / (total - 1),
      weight: (nc * nt) / total,
      difference: xt / nt - xc / nc,
      treated: (xt * nc) / total,
      control: (xc * nt) / total,
    };
  });
  const variance = sum(terms.map((term) => term.variance));
  if (variance === 0) return unavailable("zeroVariance");
  const stat = sum(terms.map((term) => term.excess)) ** 2 / variance;
  const treated = sum(terms.map((term) => term.treated));
  const control = sum(terms.map((term) => term.control));
  return computed({
    stat,
    p: chi2Sf(stat, 1),
    mhRiskDiff: sum(terms.map((term) => term.weight * term.difference)) / sum(terms.map((term) => term.weight)),
    mhRiskRatio: treated === 0 && control === 0 ? null : treated / control,
  });
}

export interface StratifiedDifference {
  readonly diff: number;
  readonly se: number;
  readonly z: number;
  readonly p: number;
  readonly lo: number;
  readonly hi: number;
}

/**
 * Post-stratified difference Σ w_s d_s, w_s = N_s/N, variance Σ w_s²(p_t q_t/(n_t−1) + p_c q_c/(n_c−1)) (Miratrix, Sekhon &
 * Yu 2013). Every stratum needs two contacts in each arm: merge smaller ones first.
 */
export function postStratified(strata: readonly TwoArmCounts[], alpha: number): Outcome<StratifiedDifference> {
  if (!isOpenShare(alpha)) return unavailable("invalidInput");
  const fault = faultOf(strata, 2);
  if (fault) return fault;
  const everybody = sum(strata.map(({ nc, nt }) => nc + nt));
  const terms = strata.map(({ xc, nc, xt, nt }) => {
    const pc = xc / nc;
    const pt = xt / nt;
    const weight = (nc + nt) / everybody;
    const variance = (pt * (1 - pt)) / (nt - 1) + (pc * (1 - pc)) / (nc - 1);
    return { difference: weight * (pt - pc), variance: weight * weight * variance };
  });
  const variance = sum(terms.map((term) => term.variance));
  if (!(variance > 0)) return unavailable("zeroVariance");
  const diff = sum(terms.map((term) => term.difference));
  const se = Math.sqrt(variance);
  const half = twoSidedCritical(alpha) * se;
  return computed({ diff, se, z: diff / se, p: normTwoSided(diff / se), lo: diff - half, hi: diff + half });
}

/**
 * Is the effect the same in every stratum (day, send block, country)? Cochran's Q (1954): Σ w_s (d_s − d̄)², w_s = 1/var(d_s), d̄ the
 * mean by those weights, χ² with strata − 1 degrees of freedom. Exploratory. Strata without spread say nothing and are left out.
 */
export function homogeneity(strata: readonly TwoArmCounts[]): Outcome<ChiSquare> {
  const fault = faultOf(strata, 2);
  if (fault) return fault;
  const terms = strata.flatMap(({ xc, nc, xt, nt }) => {
    const pc = xc / nc;
    const pt = xt / nt;
    const variance = (pt * (1 - pt)) / (nt - 1) + (pc * (1 - pc)) / (nc - 1);
    return variance > 0 ? [{ difference: pt - pc, weight: 1 / variance }] : [];
  });
  if (terms.length < 2) return unavailable("zeroVariance");
  const weights = sum(terms.map(({ weight }) => weight));
  const mean = sum(terms.map(({ weight, difference }) => weight * difference)) / weights;
  const stat = sum(terms.map(({ weight, difference }) => weight * (difference - mean) ** 2));
  return computed({ stat, df: terms.length - 1, p: chi2Sf(stat, terms.length - 1) });
}

/** The same people with every stratum that has fewer than two contacts in an arm merged into one, "other". */
export function mergeSmallStrata(strata: readonly TwoArmCounts[]): TwoArmCounts[] {
  const isLarge = ({ nc, nt }: TwoArmCounts) => nc >= 2 && nt >= 2;
  const large = strata.filter(isLarge);
  const small = strata.filter((stratum) => !isLarge(stratum));
  if (small.length === 0) return large;
  const other = small.reduce(add);
  const [first, ...rest] = large;
  return isLarge(other) || first === undefined ? [...large, other] : [...rest, add(first, other)];
}

const add = (one: TwoArmCounts, two: TwoArmCounts): TwoArmCounts => ({
  xc: one.xc + two.xc,
  nc: one.nc + two.nc,
  xt: one.xt + two.xt,
  nt: one.nt + two.nt,
});

function faultOf(strata: readonly TwoArmCounts[], leastPerArm: number) {
  const isValid = strata.every(({ xc, nc, xt, nt }) => [xc, nc, xt, nt].every(isCount) && xc <= nc && xt <= nt);
  if (!isValid) return unavailable("invalidInput");
  if (strata.length === 0) return unavailable("noContacts");
  if (strata.some(({ nc, nt }) => Math.min(nc, nt) < leastPerArm)) return unavailable("tooFewContacts");
  return undefined;
}
