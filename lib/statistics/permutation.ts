import { relativeProbabilities } from "./hypergeometric";
import { computed, isCount, type Outcome, unavailable } from "./outcome";
import type { RandomSource } from "./random";
import type { RevenueArm } from "./winsorize";

/** Random re-allocations; with the one that happened, p is a multiple of 1/10,000. */
export const PERMUTATIONS = 9999;

/** Statistics this close to the one seen are ties: the same sums added in another order. */
const TIE = 1e-9;

/**
 * Studentised permutation test of equal means, two-sided (Janssen 1997; Chung & Romano 2013):
 * p = (1 + #{|T*| ≥ |T|})/(B + 1) (Phipson & Smyth 2010), T = Welch's t. Zeros need no shuffling: how many of the other
 * values fall to the control is drawn from the hypergeometric distribution, then which ones, and T comes from sums.
 * Holds its level for rare and skewed values, where Welch's t does not. Time: B × the smaller of (values drawn, values left).
 */
export function permutationTest(
  c: RevenueArm,
  t: RevenueArm,
  options: { readonly random: RandomSource; readonly permutations?: number },
): Outcome<{ p: number; t: number }> {
  const { random, permutations = PERMUTATIONS } = options;
  const isValid = [c, t].every(({ n, values }) => isCount(n) && values.length <= n && values.every(Number.isFinite));
  if (!isValid || !isCount(permutations) || permutations === 0) return unavailable("invalidInput");
  if (c.n === 0 || t.n === 0) return unavailable("noContacts");
  if (c.n < 2 || t.n < 2) return unavailable("tooFewContacts");
  const values = Float64Array.from([...c.values, ...t.values].filter((value) => value !== 0));
  if (values.length === 0) return unavailable("noRevenue");

  const sizes = { c: c.n, t: t.n, all: sumsOf(values, values.length) };
  const seen = welch(sumsOf(c.values, c.values.length), sizes);
  const drawCount = hypergeometricSampler({ total: c.n + t.n, marked: values.length, size: c.n }, random);
  const threshold = Math.abs(seen) * (1 - TIE);
  let asExtreme = 1;
  for (let round = 0; round < permutations; round += 1) {
    const statistic = welch(drawSums(values, drawCount(), { all: sizes.all, random }), sizes);
    if (Math.abs(statistic) >= threshold) asExtreme += 1;
  }
  return computed({ p: asExtreme / (permutations + 1), t: seen });
}

interface ValueSums {
  readonly sum: number;
  readonly squares: number;
}

function sumsOf(values: ArrayLike<number>, count: number): ValueSums {
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < count; index += 1) {
    const value = values[index] ?? 0;
    sum += value;
    squares += value * value;
  }
  return { sum, squares };
}

/** Sums of `count` values drawn without replacement, by swapping whichever part is smaller to the front. */
function drawSums(
  values: Float64Array,
  count: number,
  { all, random }: { readonly all: ValueSums; readonly random: RandomSource },
): ValueSums {
  const isFewer = count * 2 <= values.length;
  const drawn = isFewer ? count : values.length - count;
  for (let index = 0; index < drawn; index += 1) {
    const other = index + Math.floor(random() * (values.length - index));
    const value = values[other] ?? 0;
    values[other] = values[index] ?? 0;
    values[index] = value;
  }
  const part = sumsOf(values, drawn);
  return isFewer ? part : { sum: all.sum - part.sum, squares: all.squares - part.squares };
}

/** Welch's t from the control's sums, the treatment having the rest. ±Infinity when both arms are constant and differ. */
function welch(control: ValueSums, { c, t, all }: { readonly c: number; readonly t: number; readonly all: ValueSums }) {
  const treatmentSum = all.sum - control.sum;
  const meanC = control.sum / c;
  const meanT = treatmentSum / t;
  const variance =
    Math.max(0, control.squares - control.sum * meanC) / ((c - 1) * c) +
    Math.max(0, all.squares - control.squares - treatmentSum * meanT) / ((t - 1) * t);
  const difference = meanT - meanC;
  if (variance > 0) return difference / Math.sqrt(variance);
  return difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
}

/** Draws by inversion of the distribution function. */
function hypergeometricSampler(of: Parameters<typeof relativeProbabilities>[0], random: RandomSource): () => number {
  const counts = relativeProbabilities(of);
  const lowest = counts[0]?.count ?? 0;
  let total = 0;
  const cumulative = Float64Array.from(counts, ({ log }) => {
    total += Math.exp(log);
    return total;
  });
  return () => {
    const target = random() * total;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return lowest + low;
  };
}
