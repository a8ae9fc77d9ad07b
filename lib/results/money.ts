import { HOLDOUT } from "@/lib/experiments/allocation";
import { MICROS } from "@/lib/foundation/money";
import { compareMeans } from "@/lib/statistics/compare-means";
import { momentsFromSums, type Sums } from "@/lib/statistics/moments";
import { computed, type Outcome } from "@/lib/statistics/outcome";
import type { MoneyResult } from "./analysis";
import { type ArmCounts, revenueSums } from "./arm-counts";

/**
 * What the campaign earned that would not have come anyway: everybody assigned to a variant against the holdout, all of
 * them together and each variant by itself; Welch's interval, without a cap, because money spent was not capped either.
 * Without a holdout there is no such figure, and attributed revenue does not stand in for it.
 */
export function measureMoney(arms: readonly ArmCounts[], alpha: number, currency: string): MoneyResult {
  const treated = arms.filter(({ key }) => key !== HOLDOUT);
  const heldOut = arms.find(({ key }) => key === HOLDOUT);
  const spendMicros = treated.reduce((sum, { costMicros }) => sum + costMicros, 0);
  const unpriced = treated.reduce((sum, arm) => sum + arm.unpriced, 0);
  const against = (sums: Sums) => heldOut && incrementalOf(sums, revenueSums([heldOut]), alpha);
  const total = against(revenueSums(treated));
  const incremental = total?.value ?? null;
  const hasReturn = incremental !== null && unpriced === 0 && spendMicros > 0;
  const roi = (earned: number) => (earned - spendMicros) / spendMicros;
  return {
    currency,
    spendMicros,
    unpriced,
    incremental,
    roi: hasReturn
      ? { estimate: roi(incremental.estimate), lower: roi(incremental.lower), upper: roi(incremental.upper) }
      : null,
    reason: reasonOf({ total, unpriced, spendMicros }),
    arms: arms.map((arm) => {
      const own = arm.key === HOLDOUT ? undefined : against(revenueSums([arm]));
      const { estimate, lower, upper } = own?.value ?? { estimate: 0, lower: 0, upper: 0 };
      return {
        key: arm.key,
        people: arm.assigned,
        perPersonMicros: arm.assigned > 0 ? arm.revenueMicros / arm.assigned : 0,
        incremental: own?.value ? { estimate, lower, upper } : null,
      };
    }),
  };
}

interface Money {
  total: Outcome<unknown> | undefined;
  unpriced: number;
  spendMicros: number;
}

function reasonOf({ total, unpriced, spendMicros }: Money): string | null {
  if (!total) return "noHoldout";
  if (total.value === null) return total.reason;
  if (unpriced > 0) return "unpriced";
  return spendMicros > 0 ? null : "noSpend";
}

/** lib/statistics incrementalRevenue with the standard error, which adding campaigns up needs. In micros. */
function incrementalOf(assigned: Sums, heldOut: Sums, alpha: number): Outcome<NonNullable<MoneyResult["incremental"]>> {
  const control = momentsFromSums(heldOut);
  if (control.value === null) return control;
  const treatment = momentsFromSums(assigned);
  if (treatment.value === null) return treatment;
  const compared = compareMeans(control.value, treatment.value, alpha);
  if (compared.value === null) return compared;
  const { diff, lo, hi, se, df, p } = compared.value;
  const scale = assigned.n * MICROS;
  return computed({ estimate: diff * scale, lower: lo * scale, upper: hi * scale, se: se * scale, df, p });
}
