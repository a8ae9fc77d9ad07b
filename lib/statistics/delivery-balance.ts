/**
 * Were the arms delivered to the same kind of people? Meta withholds some messages per person, and may do so depending on
 * the message; where it did, "per delivered" compares different people.
 */
import { normTwoSided, twoSidedCritical } from "./distributions";
import { computed, isCount, isOpenShare, type Outcome, unavailable } from "./outcome";
import type { TwoArmCounts } from "./score-interval";
import { type ChiSquare, omnibus } from "./tables";

/** A check below this p marks every per-delivered comparison as biased. */
export const BALANCE_ALARM = 0.001;

export interface ArmDelivery {
  readonly assigned: number;
  readonly delivered: number;
  /** Contacts whose message failed, by Meta's error code. */
  readonly failuresByCode: Readonly<Record<string, number>>;
}

export interface DeliveryBalance {
  readonly delivered: ChiSquare;
  readonly failuresByCode: Readonly<Record<string, ChiSquare>>;
  /** Any of the checks has p < 0.001. */
  readonly biased: boolean;
}

/** k×2 χ² on delivered / assigned and on each failure code / assigned. */
export function deliveryBalance(arms: readonly ArmDelivery[]): Outcome<DeliveryBalance> {
  const delivered = omnibus(arms.map((arm) => ({ x: arm.delivered, n: arm.assigned })));
  if (delivered.value === null) return delivered;
  const failuresByCode: Record<string, ChiSquare> = {};
  for (const code of new Set(arms.flatMap((arm) => Object.keys(arm.failuresByCode)))) {
    const check = omnibus(arms.map((arm) => ({ x: arm.failuresByCode[code] ?? 0, n: arm.assigned })));
    if (check.value === null) return check;
    failuresByCode[code] = check.value;
  }
  const biased = [delivered.value, ...Object.values(failuresByCode)].some(({ p }) => p < BALANCE_ALARM);
  return computed({ delivered: delivered.value, failuresByCode, biased });
}

/** Outcome counts by assignment, with delivery: `delivered` of n, `deliveredWithOutcome` of x. */
export interface DeliveredOutcomes {
  readonly counts: TwoArmCounts;
  readonly delivered: { readonly c: number; readonly t: number };
  readonly deliveredWithOutcome: { readonly c: number; readonly t: number };
}

export interface DeliverableEffect {
  readonly diff: number;
  readonly se: number;
  readonly p: number;
  readonly lo: number;
  readonly hi: number;
}

/**
 * Effect per deliverable message: the difference by assignment divided by the pooled delivered share (Bloom 1984; Angrist,
 * Imbens & Rubin 1996), standard error of the ratio by the delta method. Only while delivery is balanced.
 */
export function effectPerDeliverable(input: DeliveredOutcomes, alpha: number): Outcome<DeliverableEffect> {
  const { counts, delivered, deliveredWithOutcome: both } = input;
  const { xc, nc, xt, nt } = counts;
  const all = [xc, nc, xt, nt, delivered.c, delivered.t, both.c, both.t];
  if (!all.every(isCount) || !isOpenShare(alpha)) return unavailable("invalidInput");
  if (xc > nc || xt > nt || both.c > Math.min(xc, delivered.c) || both.t > Math.min(xt, delivered.t)) {
    return unavailable("invalidInput");
  }
  const balance = omnibus([
    { x: delivered.c, n: nc },
    { x: delivered.t, n: nt },
  ]);
  if (balance.value === null) return balance;
  if (balance.value.p < BALANCE_ALARM) return unavailable("deliveryUnbalanced");
  const total = nc + nt;
  const share = (delivered.c + delivered.t) / total;
  if (share === 0) return unavailable("noDenominator");
  const pc = xc / nc;
  const pt = xt / nt;
  const difference = pt - pc;
  const varianceOfDifference = (pt * (1 - pt)) / nt + (pc * (1 - pc)) / nc;
  const covarianceT = both.t / nt - (pt * delivered.t) / nt;
  const covarianceC = both.c / nc - (pc * delivered.c) / nc;
  const diff = difference / share;
  const variance =
    (varianceOfDifference +
      (diff * diff * share * (1 - share)) / total -
      (2 * diff * (covarianceT - covarianceC)) / total) /
    (share * share);
  if (!(variance > 0)) return unavailable("zeroVariance");
  const se = Math.sqrt(variance);
  const half = twoSidedCritical(alpha) * se;
  return computed({ diff, se, p: normTwoSided(diff / se), lo: diff - half, hi: diff + half });
}
