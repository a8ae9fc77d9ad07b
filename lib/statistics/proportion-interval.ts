import { betaQuantile, twoSidedCritical } from "./distributions";
import { computed, isCount, isOpenShare, type Outcome, unavailable } from "./outcome";

export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

export interface ProportionInterval {
  /** x / n */
  readonly p: number;
  readonly wilsonLo: number;
  readonly wilsonHi: number;
  /** Clopper–Pearson: covers at least 1 − α for every true rate, and is wider for it. */
  readonly exactLo: number;
  readonly exactHi: number;
}

/**
 * One arm's rate with its interval. Wilson (1927): all p that the score test at α does not reject,
 * (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n). Exact: Clopper & Pearson (1934), by quantiles of the beta
 * distribution. Assumes independent contacts.
 *
 * @param x contacts with the outcome
 * @param n contacts
 */
export function proportionInterval(x: number, n: number, alpha: number): Outcome<ProportionInterval> {
  if (!isCount(x) || !isCount(n) || x > n || !isOpenShare(alpha)) return unavailable("invalidInput");
  if (n === 0) return unavailable("noContacts");
  const wilson = wilsonInterval(x, n, twoSidedCritical(alpha));
  return computed({
    p: x / n,
    wilsonLo: wilson.lo,
    wilsonHi: wilson.hi,
    exactLo: x === 0 ? 0 : betaQuantile(alpha / 2, x, n - x + 1),
    exactHi: x === n ? 1 : betaQuantile(1 - alpha / 2, x + 1, n - x),
  });
}

/** Wilson's interval at a critical value; n ≥ 1. Exactly 0 at x = 0 and 1 at x = n. */
export function wilsonInterval(x: number, n: number, critical: number): Interval {
  const p = x / n;
  const square = critical * critical;
  const scale = 1 + square / n;
  const centre = (p + square / (2 * n)) / scale;
  const half = (critical / scale) * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n));
  return { lo: x === 0 ? 0 : Math.max(0, centre - half), hi: x === n ? 1 : Math.min(1, centre + half) };
}
