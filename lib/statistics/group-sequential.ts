/** A few planned looks at the data, with the error shared out among them. */
import { normPdf, normSf, normTwoSided, twoSidedCritical } from "./distributions";
import { computed, isOpenShare, type Outcome, unavailable } from "./outcome";
import { gaussLegendre } from "./quadrature";
import { bisect } from "./root";

/** `obf`: O'Brien–Fleming type, strict early; `pocock`: nearly even. */
export type Spending = "obf" | "pocock";

export interface Look {
  /** Planned share of the error clock at this look; the last look is at 1. */
  readonly spendTime: number;
  /** Information seen so far; only ratios matter. */
  readonly information: number;
}

export interface Boundary {
  /** |Z| at this look must reach this. */
  readonly crit: number;
  /** α spent up to and including this look. */
  readonly cumAlpha: number;
  /** Two-sided p that corresponds to crit. */
  readonly nominalP: number;
}

/** Nodes of each integral; 200 give 1e-8. */
const rule = gaussLegendre(200);

/** α that may be spent up to time t (Lan & DeMets 1983), two-sided. */
export function spentAlpha(time: number, alpha: number, spending: Spending): number {
  if (spending === "pocock") return alpha * Math.log1p((Math.E - 1) * time);
  return 4 * normSf(twoSidedCritical(alpha / 2) / Math.sqrt(time));
}

/** Density of the score B = Z√I among tests that have gone on, at the nodes of an integral. It is even, and so are the nodes. */
interface Continuing {
  readonly x: Float64Array;
  readonly mass: Float64Array;
}

/**
 * Symmetric boundaries for the looks so far, by recursive integration of the score's sub-density (Armitage, McPherson & Rowe
 * 1969; Jennison & Turnbull 2000, ch. 19): each critical value makes the chance of stopping at its look what α(t_k) adds.
 * A repeated confidence interval is the fixed one at `crit` instead of z_{1−α/2}. Infinite where a look adds nothing.
 */
export function groupSequential(looks: readonly Look[], alpha: number, spending: Spending): Outcome<Boundary[]> {
  if (looks.length === 0 || !isOpenShare(alpha)) return unavailable("invalidInput");
  const boundaries: Boundary[] = [];
  let continuing: Continuing = { x: Float64Array.of(0), mass: Float64Array.of(1) };
  let previous: Look = { spendTime: 0, information: 0 };
  let spent = 0;
  for (const look of looks) {
    const { spendTime, information } = look;
    const isValid = spendTime >= previous.spendTime && spendTime <= 1 && information > previous.information;
    if (!isValid || spendTime <= 0 || !Number.isFinite(information)) return unavailable("invalidInput");
    const step = Math.sqrt(information - previous.information);
    const cumAlpha = spentAlpha(spendTime, alpha, spending);
    const bound = boundSpending(continuing, step, { toSpend: cumAlpha - spent, limit: 12 * Math.sqrt(information) });
    const crit = bound / Math.sqrt(information);
    boundaries.push({ crit, cumAlpha, nominalP: normTwoSided(crit) });
    continuing = advance(continuing, step, Math.min(bound, 12 * Math.sqrt(information)));
    previous = look;
    spent = cumAlpha;
  }
  return computed(boundaries);
}

/** The |score| whose chance of being exceeded after a step of this size is what may be spent. */
function boundSpending(
  { x, mass }: Continuing,
  step: number,
  { toSpend, limit }: { toSpend: number; limit: number },
): number {
  if (!(toSpend > 0)) return Number.POSITIVE_INFINITY;
  // Both sides exit alike.
  const exit = (bound: number) => {
    let total = 0;
    for (let index = 0; index < x.length; index += 1)
      total += (mass[index] ?? 0) * normSf((bound - (x[index] ?? 0)) / step);
    return 2 * total;
  };
  return bisect((bound) => exit(bound) - toSpend, 0, limit);
}

function advance(from: Continuing, step: number, bound: number): Continuing {
  const size = rule.length;
  const x = Float64Array.from(rule, (node) => node.x * bound);
  const mass = new Float64Array(size);
  for (let index = 0; index * 2 < size; index += 1) {
    const at = x[index] ?? 0;
    let density = 0;
    for (let other = 0; other < from.x.length; other += 1)
      density += (from.mass[other] ?? 0) * normPdf((at - (from.x[other] ?? 0)) / step);
    mass[index] = ((rule[index]?.weight ?? 0) * bound * density) / step;
    mass[size - 1 - index] = mass[index] ?? 0;
  }
  return { x, mass };
}
