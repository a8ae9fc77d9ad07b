/** Sample ratio mismatch: do the sizes of the arms agree with the plan? If not, no verdict may be shown. */
import { chi2Sf, logRisingFactorial } from "./distributions";
import { computed, isCount, type Outcome, unavailable } from "./outcome";
import { sum } from "./quadrature";
import type { ChiSquare } from "./tables";

/** Alarm below this p (Fabijan et al. 2019, KDD). */
export const SRM_ALARM = 0.001;
/** Prior weight, in contacts, of the planned shares in the sequential test. */
export const SRM_CONCENTRATION = 100;

/** Contacts counted in an arm, and the arm's planned weight (any positive scale; 0 = the arm gets nobody). */
export interface ArmShare {
  readonly observed: number;
  readonly weight: number;
}

/**
 * One look: χ² goodness of fit of the counts against the planned weights. Arms with weight 0 are left out;
 * df = arms − 1. Assumes each contact was assigned on its own; exact-size allocation only makes it conservative.
 */
export function srm(arms: readonly ArmShare[]): Outcome<ChiSquare & { alarm: boolean }> {
  const planned = plannedShares(arms);
  if (planned.value === null) return planned;
  const total = sum(planned.value.map(({ observed }) => observed));
  if (total === 0) return unavailable("noContacts");
  const stat = sum(planned.value.map(({ observed, weight }) => (observed - total * weight) ** 2 / (total * weight)));
  const df = planned.value.length - 1;
  const p = chi2Sf(stat, df);
  return computed({ stat, df, p, alarm: p < SRM_ALARM });
}

/**
 * Valid at every moment while sending: multinomial test against a Dirichlet mixture around the plan (Lindon & Malek 2022).
 * log E = ln Γ(A)/Γ(A+n) + Σ ln Γ(a_i+n_i)/Γ(a_i) − Σ n_i ln w_i with a_i = concentration·w_i, p = min(1, 1/E). The caller
 * keeps the smallest p of its looks.
 */
export function srmSequential(
  arms: readonly ArmShare[],
  concentration = SRM_CONCENTRATION,
): Outcome<{ logE: number; p: number }> {
  if (!(concentration > 0)) return unavailable("invalidInput");
  const planned = plannedShares(arms);
  if (planned.value === null) return planned;
  const total = sum(planned.value.map(({ observed }) => observed));
  const logE =
    sum(
      planned.value.map(
        ({ observed, weight }) => logRisingFactorial(concentration * weight, observed) - observed * Math.log(weight),
      ),
    ) - logRisingFactorial(concentration, total);
  return computed({ logE, p: Math.min(1, Math.exp(-logE)) });
}

/** Arms that were to get anybody, their weights scaled to sum 1. */
function plannedShares(arms: readonly ArmShare[]): Outcome<readonly ArmShare[]> {
  const isValid = arms.every(({ observed, weight }) => isCount(observed) && weight >= 0 && Number.isFinite(weight));
  if (!isValid) return unavailable("invalidInput");
  const planned = arms.filter(({ weight }) => weight > 0);
  if (planned.length < 2) return unavailable("tooFewArms");
  const scale = sum(planned.map(({ weight }) => weight));
  return computed(planned.map(({ observed, weight }) => ({ observed, weight: weight / scale })));
}
