import { type MethodPrice, priceOf } from "@/lib/statistics/looks-power";
import { mdeProportions } from "@/lib/statistics/power";
import { expectedSizes, HOLDOUT, type Split } from "./allocation";
import { LOOK_SHARES, lookShares, type Method } from "./method";
import { ALPHA } from "./plan";

/** The chance of finding an effect of the size shown, if it is real. */
export const PLANNED_POWER = 0.8;

export interface PowerQuestion extends Split {
  /** Everybody who will be allocated, holdout included. */
  people: number;
  /** What the control usually reaches, in percentage points. */
  baselinePoints: number;
  method: Method;
  windowHours: number;
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
 * A, each at α / m (stats/design.md 8); of several variants the smallest decides. Looking more than once is paid for in people.
 */
export function detectableEffect(question: PowerQuestion): DetectableEffect {
  const { perControl, perVariant, alphaEach } = comparedSizes(question);
  const { inflation } = methodPrice(question.method, { windowHours: question.windowHours, alphaEach });
  const design = {
    p1: question.baselinePoints / 100,
    n1: perControl / inflation,
    n2: perVariant / inflation,
    alpha: alphaEach,
  };
  const effect = mdeProportions(design, PLANNED_POWER);
  return { perVariant, perControl, detectablePoints: effect.reason === null ? effect.value * 100 : null };
}

export interface ComparedSizes extends Pick<DetectableEffect, "perVariant" | "perControl"> {
  alphaEach: number;
}

/** Who is compared with whom in the weakest comparison of a split, and at which α. */
export function comparedSizes({ people, arms, holdoutBasisPoints }: Split & { people: number }): ComparedSizes {
  const sizes = [...expectedSizes({ arms, holdoutBasisPoints }, people)]
    .filter(([key]) => key !== HOLDOUT)
    .map(([, size]) => size);
  const [first = 0, ...others] = sizes;
  const heldOut = people - sizes.reduce((sum, size) => sum + size, 0);
  return {
    perControl: others.length > 0 ? first : heldOut,
    perVariant: others.length > 0 ? Math.min(...others) : first,
    alphaEach: ALPHA / Math.max(1, others.length),
  };
}

/** More looks than these change the price by less than what a plan can tell. */
const MOST_LOOKS = 30;

/** Prices by what they depend on: each costs an integration of all looks, and there are few. */
const prices = new Map<string, MethodPrice>();

/**
 * What a method costs: the power that it has where one look at the end has 80 %, by how much more people it has the same, and the
 * share of the information that it uses on average when there is that effect.
 */
export function methodPrice(
  method: Method,
  { windowHours, alphaEach }: { windowHours: number; alphaEach: number },
): MethodPrice {
  const looks = Math.min(MOST_LOOKS, lookShares({ method, windowHours }).length);
  const key = `${method} ${looks} ${alphaEach}`;
  const known = prices.get(key);
  if (known) return known;
  const monitoring =
    method === "looks"
      ? ({ method, at: LOOK_SHARES, spending: "obf" } as const)
      : method === "fixed"
        ? { method }
        : { method, looks };
  const price = priceOf(monitoring, alphaEach, PLANNED_POWER).value;
  if (price === null) throw new RangeError(`no price of ${key}`);
  prices.set(key, price);
  return price;
}
