/**
 * The clock of sequential methods: how much is known at a look, in units of which only ratios matter (stats/design.md 5).
 * Which one a campaign has is decided by how people enter it.
 */
import { computed, isCount, type Outcome, unavailable } from "./outcome";
import { sum } from "./quadrature";
import type { ArmCounts } from "./tables";

/**
 * People enter one by one (drip, triggered): the harmonic n of those whose window has elapsed, 1/(1/n_c + 1/n_t). Contacts
 * who are still inside their window do not count.
 */
export function harmonicClock(maturedControl: number, maturedTreatment: number): Outcome<number> {
  if (!isCount(maturedControl) || !isCount(maturedTreatment)) return unavailable("invalidInput");
  if (maturedControl === 0 || maturedTreatment === 0) return unavailable("noContacts");
  return computed((maturedControl * maturedTreatment) / (maturedControl + maturedTreatment));
}

/**
 * Everybody was written to at once and outcomes accumulate (blast): the pooled odds P/(1 − P). Without an effect the
 * difference of the empirical distributions divided by 1 − F is Brownian motion in F/(1 − F).
 */
export function oddsClock(arms: readonly ArmCounts[]): Outcome<number> {
  if (!arms.every(({ x, n }) => isCount(x) && isCount(n) && x <= n)) return unavailable("invalidInput");
  const people = sum(arms.map(({ n }) => n));
  const successes = sum(arms.map(({ x }) => x));
  if (people === 0) return unavailable("noContacts");
  if (successes === 0) return unavailable("noSuccesses");
  if (successes === people) return unavailable("zeroVariance");
  return computed(successes / (people - successes));
}

/**
 * Revenue and other rare means in a blast: se² of the difference so far, which grows while money comes in. Not 1/se².
 */
export function varianceClock(se: number): Outcome<number> {
  if (!(se >= 0) || !Number.isFinite(se)) return unavailable("invalidInput");
  return se > 0 ? computed(se * se) : unavailable("zeroVariance");
}
