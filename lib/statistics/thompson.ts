/**
 * A bandit in batches (triggered campaigns only): who gets which message follows what earlier batches showed. The shares of a
 * batch are fixed before it begins and stored, because the analysis needs them: `batchedInference` for the difference,
 * `weightedRate` for each arm's rate. A test on the summed counts is not valid.
 */
import { type BetaPrior, bayesMeans } from "./bayes";
import { normCdf } from "./distributions";
import { computed, isCount, type Outcome, unavailable } from "./outcome";
import { sum } from "./quadrature";
import type { ArmCounts } from "./tables";

/** Together, the arms that look worst keep at least this share of people. */
export const DEFAULT_FLOOR = 0.1;

/**
 * Shares of the next batch: P(best) of each arm (Thompson 1933), none below floor/(arms − 1), sum 1. Posterior of a rate:
 * Beta(a + x, b + n − x), here by its mean and variance as a normal; an approximation of the shares touches no conclusion.
 */
export function thompsonShares(
  arms: readonly ArmCounts[],
  floor = DEFAULT_FLOOR,
  prior: BetaPrior = { a: 1, b: 1 },
): Outcome<number[]> {
  const isValid = arms.every(({ x, n }) => isCount(x) && isCount(n) && x <= n) && prior.a > 0 && prior.b > 0;
  if (!isValid || !(floor >= 0) || floor > 0.5) return unavailable("invalidInput");
  if (arms.length < 2) return unavailable("tooFewArms");
  const posteriors = arms.map(({ x, n }) => {
    const total = prior.a + prior.b + n;
    const mean = (prior.a + x) / total;
    return { mean, se: Math.sqrt((mean * (1 - mean)) / (total + 1)) };
  });
  const best = chancesToBeBest(posteriors);
  if (best.value === null) return best;
  const least = floor / (arms.length - 1);
  const above = best.value.map((chance) => Math.max(0, chance - least));
  const scale = (1 - least * arms.length) / sum(above);
  return computed(above.map((excess) => least + scale * excess));
}

function chancesToBeBest(posteriors: readonly { mean: number; se: number }[]): Outcome<number[]> {
  const [first, second] = posteriors;
  if (posteriors.length === 2 && first && second) {
    const chance = normCdf((second.mean - first.mean) / Math.hypot(first.se, second.se));
    return computed([1 - chance, chance]);
  }
  const best = bayesMeans(posteriors);
  return best.value === null ? best : computed(best.value.map(({ probBest }) => probBest));
}

/** An arm in one batch: contacts with the outcome, contacts, and the share of the batch that was planned for it. */
export interface BatchShare extends ArmCounts {
  readonly share: number;
}

/**
 * One arm's rate over its batches, each contact weighted by 1/share (normalised; Horvitz & Thompson 1952, Hájek 1971). The plain
 * mean is too low for an arm that was dropped after bad luck (−5 % for equal arms).
 */
export function weightedRate(batches: readonly BatchShare[]): Outcome<number> {
  const isValid = batches.every(({ x, n, share }) => isCount(x) && isCount(n) && x <= n && share > 0 && share <= 1);
  if (!isValid) return unavailable("invalidInput");
  const people = sum(batches.map(({ n, share }) => n / share));
  if (people === 0) return unavailable("noContacts");
  return computed(sum(batches.map(({ x, share }) => x / share)) / people);
}
