import { normLog10TwoSided, normTwoSided, twoSidedCritical } from "./distributions";
import { fisherExact } from "./fisher";
import { computed, isCount, isOpenShare, type Outcome, type Reason, unavailable } from "./outcome";
import { type Interval, wilsonInterval } from "./proportion-interval";
import { scoreIntervalOfDifference, scoreIntervalOfRatio, type TwoArmCounts } from "./score-interval";

/** Below this expected count in the smallest cell the normal approximation is left for Fisher's exact test. */
const EXACT_BELOW_EXPECTED = 1;

/** The test that decides, without intervals. */
export interface ProportionTest {
  readonly pc: number;
  readonly pt: number;
  /** p_t − p_c */
  readonly diff: number;
  readonly zPooled: number;
  /** zPooled·√((N−1)/N), the statistic of the score family. */
  readonly zScore: number;
  readonly pScore: number;
  readonly log10pScore: number;
  /** Smallest expected cell, min(P, 1−P)·min(n_c, n_t). */
  readonly minExpected: number;
  /** `exact`: Fisher's test gave `p`, because minExpected < 1; intervals stay score and may disagree with it. */
  readonly method: "score" | "exact";
  /** The p-value to decide by, two-sided, and its logarithm for values below 1e-300. */
  readonly p: number;
  readonly log10p: number;
}

export interface ProportionComparison extends ProportionTest {
  readonly scoreLo: number;
  readonly scoreHi: number;
  /** p_t / p_c; Infinity when only the treatment had successes, null (`noSuccesses`) when nobody had. */
  readonly ratio: number | null;
  readonly ratioReason: Reason | null;
  readonly ratioLo: number;
  readonly ratioHi: number;
  /** ratio − 1, with the same interval. */
  readonly lift: number | null;
  readonly liftLo: number;
  readonly liftHi: number;
  readonly newcombeLo: number;
  readonly newcombeHi: number;
  readonly pPooled: number;
  /** For display and parity with other tools only: with unequal arms and few events its errors reach 36 %. */
  readonly zUnpooled: number | null;
  readonly pUnpooled: number | null;
  readonly katzLo: number | null;
  readonly katzHi: number | null;
}

/**
 * Two arms, test only. z(0) of Miettinen & Nurminen (1985) = the N−1 χ² (Campbell 2007); Fisher's exact test when the
 * smallest expected cell is below 1. Assumes independent contacts, assigned at random.
 */
export function testProportions(counts: TwoArmCounts): Outcome<ProportionTest> {
  const { xc, nc, xt, nt } = counts;
  if (![xc, nc, xt, nt].every(isCount) || xc > nc || xt > nt) return unavailable("invalidInput");
  if (nc === 0 || nt === 0) return unavailable("noContacts");
  const total = nc + nt;
  const pooled = (xc + xt) / total;
  const pc = xc / nc;
  const pt = xt / nt;
  const diff = pt - pc;
  const variance = pooled * (1 - pooled) * (1 / nc + 1 / nt);
  const zPooled = variance > 0 ? diff / Math.sqrt(variance) : 0;
  const zScore = zPooled * Math.sqrt((total - 1) / total);
  const minExpected = Math.min(pooled, 1 - pooled) * Math.min(nc, nt);
  const score = { p: normTwoSided(zScore), log10p: normLog10TwoSided(zScore) };
  const isExact = minExpected < EXACT_BELOW_EXPECTED;
  return computed({
    pc,
    pt,
    diff,
    zPooled,
    zScore,
    pScore: score.p,
    log10pScore: score.log10p,
    minExpected,
    method: isExact ? "exact" : "score",
    ...(isExact ? fisherExact(counts) : score),
  });
}

/**
 * Two arms, whole: the test above, the score intervals of difference and ratio at the same critical value (so they exclude
 * "no effect" exactly when p < α, unless `method` is `exact`), and the figures that other tools show. For a look of a
 * sequential plan or one of several comparisons pass the critical value; otherwise it is z_{1−α/2}.
 */
export function compareProportions(
  counts: TwoArmCounts,
  alpha: number,
  critical = twoSidedCritical(alpha),
): Outcome<ProportionComparison> {
  if (!isOpenShare(alpha) || !(critical >= 0)) return unavailable("invalidInput");
  const test = testProportions(counts);
  if (test.value === null) return test;
  const { pc, pt, zPooled } = test.value;
  const difference = scoreIntervalOfDifference(counts, critical);
  const ratioBounds = scoreIntervalOfRatio(counts, critical);
  const newcombe = newcombeInterval(counts, critical);
  const katz = katzInterval(counts, critical);
  const zUnpooled = unpooledZ(counts);
  const ratio = pc > 0 ? pt / pc : pt > 0 ? Number.POSITIVE_INFINITY : null;
  return computed({
    ...test.value,
    scoreLo: difference.lo,
    scoreHi: difference.hi,
    ratio,
    ratioReason: ratio === null ? "noSuccesses" : null,
    ratioLo: ratioBounds.lo,
    ratioHi: ratioBounds.hi,
    lift: ratio === null ? null : ratio - 1,
    liftLo: ratioBounds.lo - 1,
    liftHi: ratioBounds.hi - 1,
    newcombeLo: newcombe.lo,
    newcombeHi: newcombe.hi,
    pPooled: normTwoSided(zPooled),
    zUnpooled,
    pUnpooled: zUnpooled === null ? null : normTwoSided(zUnpooled),
    katzLo: katz?.lo ?? null,
    katzHi: katz?.hi ?? null,
  });
}

/** Newcombe's hybrid of two Wilson intervals (1998, Stat Med 17:873, method 10). */
function newcombeInterval({ xc, nc, xt, nt }: TwoArmCounts, critical: number): Interval {
  const control = wilsonInterval(xc, nc, critical);
  const treatment = wilsonInterval(xt, nt, critical);
  const pc = xc / nc;
  const pt = xt / nt;
  return {
    lo: pt - pc - Math.hypot(pt - treatment.lo, control.hi - pc),
    hi: pt - pc + Math.hypot(treatment.hi - pt, pc - control.lo),
  };
}

/** Log-Wald interval of the ratio (Katz et al. 1978); undefined without successes in both arms. */
function katzInterval({ xc, nc, xt, nt }: TwoArmCounts, critical: number): Interval | undefined {
  if (xc === 0 || xt === 0) return undefined;
  const ratio = xt / nt / (xc / nc);
  const spread = Math.exp(critical * Math.sqrt(Math.max(0, 1 / xt - 1 / nt + 1 / xc - 1 / nc)));
  return { lo: ratio / spread, hi: ratio * spread };
}

/** Null when both arms have no spread but differ. */
function unpooledZ({ xc, nc, xt, nt }: TwoArmCounts): number | null {
  const pc = xc / nc;
  const pt = xt / nt;
  const variance = (pc * (1 - pc)) / nc + (pt * (1 - pt)) / nt;
  if (variance > 0) return (pt - pc) / Math.sqrt(variance);
  return pt === pc ? 0 : null;
}
