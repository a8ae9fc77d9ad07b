/** How many contacts a question needs, and what a given number of contacts can tell. */
import { normCdf, normQuantile, normSf, twoSidedCritical } from "./distributions";
import { computed, isOpenShare, type Outcome, unavailable } from "./outcome";
import { bisect } from "./root";

const isRate = (p: number): boolean => p >= 0 && p <= 1;

export interface ProportionQuestion {
  /** Rate of the control, and the rate of the treatment that should be found. */
  readonly p1: number;
  readonly p2: number;
  readonly alpha: number;
  readonly power: number;
  /** n_t / n_c */
  readonly allocation: number;
}

/**
 * Contacts of the control for two proportions, two-sided:
 * n_c = [z_{1−α/2}√((1+1/κ)P̄Q̄) + z_power√(p_c q_c + p_t q_t/κ)]²/(p_t − p_c)², P̄ = (p_c + κp_t)/(1+κ) (Fleiss).
 * For m comparisons pass α/m or Dunnett's equivalent.
 */
export function sampleSizeProportions(question: ProportionQuestion): Outcome<{ n1: number; n1Ceil: number }> {
  const { p1, p2, alpha, power, allocation } = question;
  const isValid = isRate(p1) && isRate(p2) && p1 !== p2 && isOpenShare(alpha) && isOpenShare(power) && allocation > 0;
  if (!isValid || !Number.isFinite(allocation)) return unavailable("invalidInput");
  const pooled = (p1 + allocation * p2) / (1 + allocation);
  const underNone = twoSidedCritical(alpha) * Math.sqrt((1 + 1 / allocation) * pooled * (1 - pooled));
  const underEffect = normQuantile(power) * Math.sqrt(p1 * (1 - p1) + (p2 * (1 - p2)) / allocation);
  const n1 = ((underNone + underEffect) / (p2 - p1)) ** 2;
  return computed({ n1, n1Ceil: Math.ceil(n1) });
}

export interface ProportionDesign {
  readonly p1: number;
  readonly n1: number;
  readonly n2: number;
  readonly alpha: number;
}

/** Chance that the two-sided test finds p2 against p1: the inverse of `sampleSizeProportions`. */
export function powerProportions(design: ProportionDesign, p2: number): Outcome<number> {
  const { p1, n1, n2, alpha } = design;
  if (!isRate(p1) || !isRate(p2) || !isOpenShare(alpha) || !(n1 >= 0) || !(n2 >= 0)) return unavailable("invalidInput");
  if (n1 === 0 || n2 === 0) return unavailable("noContacts");
  const spread = (p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2;
  if (spread === 0 && p1 === p2) return unavailable("zeroVariance");
  return computed(powerOf(design, p2));
}

function powerOf({ p1, n1, n2, alpha }: ProportionDesign, p2: number): number {
  const pooled = (n1 * p1 + n2 * p2) / (n1 + n2);
  const underNone = Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  const underEffect = Math.sqrt((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2);
  return normCdf((Math.abs(p2 - p1) - twoSidedCritical(alpha) * underNone) / underEffect);
}

/**
 * The smallest increase over p1 that is found with the wanted power, as an absolute difference; the smallest detectable lift
 * is this / p1. `notReachable` when not even a rate of 1 would be found.
 */
export function mdeProportions(design: ProportionDesign, power: number): Outcome<number> {
  const { p1, n1, n2, alpha } = design;
  const isValid = p1 >= 0 && p1 < 1 && isOpenShare(alpha) && isOpenShare(power) && n1 >= 0 && n2 >= 0;
  if (!isValid) return unavailable("invalidInput");
  if (n1 === 0 || n2 === 0) return unavailable("noContacts");
  const largest = 1 - p1 - 1e-12;
  if (!(largest > 1e-12) || powerOf(design, p1 + largest) < power) return unavailable("notReachable");
  return computed(bisect((difference) => powerOf(design, p1 + difference) - power, 1e-12, largest));
}

export interface MeanQuestion {
  /** Standard deviation per contact, and the difference of means that should be found, in the same unit. */
  readonly sd: number;
  readonly delta: number;
  readonly alpha: number;
  readonly power: number;
}

/** Contacts per arm for two means: 2(sd/δ)²(z_{1−α/2} + z_power)². */
export function sampleSizeMeans({ sd, delta, alpha, power }: MeanQuestion): Outcome<number> {
  if (!(sd > 0) || !Number.isFinite(sd) || delta === 0 || !Number.isFinite(delta)) return unavailable("invalidInput");
  if (!isOpenShare(alpha) || !isOpenShare(power)) return unavailable("invalidInput");
  return computed(2 * ((sd / delta) * (twoSidedCritical(alpha) + normQuantile(power))) ** 2);
}

export interface LiftDesign {
  readonly mean: number;
  readonly sd: number;
  readonly lift: number;
  readonly nPerArm: number;
  readonly alpha: number;
}

/** Power for a relative difference of means, with se = (sd/|mean|)√((1 + (1+lift)²)/n), two-sided. */
export function powerMeansLift(design: LiftDesign): Outcome<{ seLift: number; power: number }> {
  const { mean, sd, lift, nPerArm, alpha } = design;
  const isValid = [mean, sd, lift, nPerArm].every(Number.isFinite) && sd > 0 && nPerArm >= 0 && isOpenShare(alpha);
  if (!isValid) return unavailable("invalidInput");
  if (nPerArm === 0) return unavailable("noContacts");
  if (mean === 0) return unavailable("baselineNotDistinguishableFromZero");
  const seLift = (sd / Math.abs(mean)) * Math.sqrt((1 + (1 + lift) ** 2) / nPerArm);
  const critical = twoSidedCritical(alpha);
  return computed({ seLift, power: normSf(critical - lift / seLift) + normSf(critical + lift / seLift) });
}
