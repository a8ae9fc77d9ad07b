/** Three arms or more: every comparison with what it costs to make several. */
import { compareProportions, type ProportionComparison, testProportions } from "./compare-proportions";
import { normQuantile, twoSidedCritical } from "./distributions";
import { dunnett, holm } from "./multiplicity";
import { computed, isOpenShare, type Outcome, unavailable } from "./outcome";
import type { TwoArmCounts } from "./score-interval";
import type { ArmCounts } from "./tables";

/** Of a p-value too small for a double, still a finite z. */
const SMALLEST_P = 1e-300;

const between = (control: ArmCounts, treatment: ArmCounts): TwoArmCounts => ({
  xc: control.x,
  nc: control.n,
  xt: treatment.x,
  nt: treatment.n,
});

export interface AdjustedComparison {
  /** Its intervals are simultaneous: all of them hold together with 1 − α. */
  readonly comparison: ProportionComparison;
  /** Adjusted for all comparisons; the raw one is `comparison.p`. */
  readonly pAdjusted: number;
}

/** Each arm against the control: Dunnett's p-values, score intervals at his critical value. In the order given. */
export function compareWithControl(
  control: ArmCounts,
  arms: readonly ArmCounts[],
  alpha: number,
): Outcome<{ comparisons: AdjustedComparison[]; critical: number }> {
  const tested = [];
  for (const arm of arms) {
    const test = testProportions(between(control, arm));
    if (test.value === null) return test;
    const { method, zScore, p } = test.value;
    tested.push({ z: method === "score" ? zScore : normQuantile(Math.max(p, SMALLEST_P) / 2), n: arm.n });
  }
  const family = dunnett(tested, control.n, alpha);
  if (family.value === null) return family;
  const comparisons = [];
  for (const [index, arm] of arms.entries()) {
    const comparison = compareProportions(between(control, arm), alpha, family.value.crit);
    if (comparison.value === null) return comparison;
    comparisons.push({ comparison: comparison.value, pAdjusted: family.value.p[index] ?? comparison.value.p });
  }
  return computed({ comparisons, critical: family.value.crit });
}

/**
 * Each arm against the control with intervals cut at a critical value that was fixed elsewhere: the boundary of a look, or an
 * always-valid one. It accounts for the number of arms already (α/m).
 */
export function compareAtBoundary(
  control: ArmCounts,
  arms: readonly ArmCounts[],
  { alpha, critical }: { alpha: number; critical: number },
): Outcome<ProportionComparison[]> {
  const comparisons = [];
  for (const arm of arms) {
    const comparison = compareProportions(between(control, arm), alpha, critical);
    if (comparison.value === null) return comparison;
    comparisons.push(comparison.value);
  }
  return computed(comparisons);
}

export interface PairComparison extends AdjustedComparison {
  /** Positions of the two arms; `second` is the treatment of the comparison. */
  readonly first: number;
  readonly second: number;
}

/**
 * Every arm against every other, without a control: Holm's p-values, intervals at α/m. `best` is the arm that beats all
 * others after adjustment, if there is one.
 */
export function compareAllPairs(
  arms: readonly ArmCounts[],
  alpha: number,
): Outcome<{ pairs: PairComparison[]; best: number | null }> {
  if (!isOpenShare(alpha)) return unavailable("invalidInput");
  if (arms.length < 2) return unavailable("tooFewArms");
  const critical = twoSidedCritical(alpha / ((arms.length * (arms.length - 1)) / 2));
  const compared = [];
  for (const [second, treatment] of arms.entries()) {
    for (const [first, control] of arms.slice(0, second).entries()) {
      const comparison = compareProportions(between(control, treatment), alpha, critical);
      if (comparison.value === null) return comparison;
      compared.push({ first, second, comparison: comparison.value });
    }
  }
  const adjusted = holm(compared.map(({ comparison }) => comparison.p));
  if (adjusted.value === null) return adjusted;
  const p = adjusted.value;
  const pairs = compared.map((pair, index) => ({ ...pair, pAdjusted: p[index] ?? pair.comparison.p }));
  const wins = (arm: number) =>
    pairs.filter(
      ({ first, second, comparison, pAdjusted }) =>
        pAdjusted < alpha && (comparison.diff > 0 ? second === arm : first === arm),
    ).length;
  const best = arms.findIndex((_, arm) => wins(arm) === arms.length - 1);
  return computed({ pairs, best: best === -1 ? null : best });
}
