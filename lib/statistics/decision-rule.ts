/** Which arm to send on after a test (stats/design.md 8). The words for it, and when it may be asked, belong to the results. */
import { type BetaPrior, bayesProportions } from "./bayes";
import { testProportions } from "./compare-proportions";
import { computed, isCount, type Outcome, unavailable } from "./outcome";
import type { ArmCounts } from "./tables";

export type DecisionRule =
  /** The arm with the highest posterior mean: right when an error is cheap; always decides. */
  | { readonly rule: "profit" }
  /** The arm with the smallest expected loss, once that is below `epsilon` (a share of people). */
  | { readonly rule: "loss"; readonly epsilon: number }
  /** The best of the arms that exceed the control by the critical value of the plan. */
  | { readonly rule: "significance"; readonly critical: number };

/**
 * The position of the chosen arm; null when the rule cannot decide (then the plan's fallback holds). The first arm is the
 * control. Of equals the earlier one.
 */
export function chooseArm(
  arms: readonly ArmCounts[],
  rule: DecisionRule,
  prior: BetaPrior = { a: 1, b: 1 },
): Outcome<{ arm: number | null }> {
  const isValid = arms.every(({ x, n }) => isCount(x) && isCount(n) && x <= n) && prior.a > 0 && prior.b > 0;
  if (!isValid) return unavailable("invalidInput");
  const [control] = arms;
  if (control === undefined || arms.length < 2) return unavailable("tooFewArms");
  const means = arms.map(({ x, n }) => (prior.a + x) / (prior.a + prior.b + n));
  if (rule.rule === "profit") return computed({ arm: highest(means) });
  if (rule.rule === "loss") {
    const posterior = bayesProportions(arms, prior, 0.05);
    if (posterior.value === null) return posterior;
    const losses = posterior.value.arms.map(({ expectedLoss }) => -expectedLoss);
    const arm = highest(losses);
    return computed({ arm: -(losses[arm] ?? 0) < rule.epsilon ? arm : null });
  }
  const proven = [];
  for (const [index, { x, n }] of arms.entries()) {
    if (index === 0) continue;
    const test = testProportions({ xc: control.x, nc: control.n, xt: x, nt: n });
    if (test.value === null) return test;
    proven.push(test.value.zScore >= rule.critical ? (means[index] ?? 0) : Number.NEGATIVE_INFINITY);
  }
  const arm = highest(proven);
  return computed({ arm: Number.isFinite(proven[arm]) ? arm + 1 : null });
}

const highest = (values: readonly number[]): number => values.indexOf(Math.max(...values));
