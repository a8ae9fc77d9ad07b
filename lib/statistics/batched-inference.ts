import { normTwoSided } from "./distributions";
import { computed, isCount, type Outcome, unavailable } from "./outcome";
import { sum } from "./quadrature";
import type { TwoArmCounts } from "./score-interval";

export interface BatchedInference {
  readonly zBatch: number[];
  readonly z: number;
  readonly p: number;
}

/**
 * Two arms whose shares changed from batch to batch (a bandit): Z = Σ√n_b z_b/√Σn_b with the pooled-variance z of each batch
 * (Zhang, Janson & Murphy 2020). A test on the summed counts is not valid there. z_b = 0 where nobody or everybody had the
 * outcome.
 */
export function batchedInference(batches: readonly TwoArmCounts[]): Outcome<BatchedInference> {
  const isValid = batches.every(({ xc, nc, xt, nt }) => [xc, nc, xt, nt].every(isCount) && xc <= nc && xt <= nt);
  if (!isValid) return unavailable("invalidInput");
  if (batches.length === 0 || batches.some(({ nc, nt }) => nc === 0 || nt === 0)) return unavailable("noContacts");
  const scored = batches.map(({ xc, nc, xt, nt }) => {
    const n = nc + nt;
    const pooled = (xc + xt) / n;
    const variance = pooled * (1 - pooled) * (1 / nc + 1 / nt);
    return { n, z: variance > 0 ? (xt / nt - xc / nc) / Math.sqrt(variance) : 0 };
  });
  const z = sum(scored.map((batch) => Math.sqrt(batch.n) * batch.z)) / Math.sqrt(sum(scored.map((batch) => batch.n)));
  return computed({ zBatch: scored.map((batch) => batch.z), z, p: normTwoSided(z) });
}
