import { mdeProportions } from "@/lib/statistics/power";
import { expectedSizes, HOLDOUT, type Split } from "./allocation";
import { ALPHA } from "./plan";

/** The chance of finding an effect of the size shown, if it is real. */
export const PLANNED_POWER = 0.8;

export interface PowerQuestion extends Split {
  /** Everybody who will be allocated, holdout included. */
  people: number;
  /** What the control usually reaches, in percentage points. */
  baselinePoints: number;
}

export interface DetectableEffect {
  /** People in the smallest compared variant and in the control (the holdout, where there is one variant only). */
  perVariant: number;
  perControl: number;
  /** Percentage points against the control; null when no effect is large enough to be found with so few people. */
  detectablePoints: number | null;
}

/**
 * The smallest increase over the control that the experiment finds with 80 % probability. Every variant is compared with
 * A, each at α / m (stats/design.md 8); of several variants the smallest decides.
 */
export function detectableEffect({ people, baselinePoints, ...split }: PowerQuestion): DetectableEffect {
  const sizes = [...expectedSizes(split, people)].filter(([key]) => key !== HOLDOUT).map(([, size]) => size);
  const [first = 0, ...others] = sizes;
  const heldOut = people - sizes.reduce((sum, size) => sum + size, 0);
  const control = others.length > 0 ? first : heldOut;
  const smallest = others.length > 0 ? Math.min(...others) : first;
  const comparisons = Math.max(1, others.length);
  const design = { p1: baselinePoints / 100, n1: control, n2: smallest, alpha: ALPHA / comparisons };
  const effect = mdeProportions(design, PLANNED_POWER);
  return {
    perVariant: smallest,
    perControl: control,
    detectablePoints: effect.reason === null ? effect.value * 100 : null,
  };
}
