/** What a comparison of means needs to know of an arm. Units are the caller's (money: major units, not micros). */
import { computed, isCount, type Outcome, unavailable } from "./outcome";
import { sum } from "./quadrature";

/** Contacts, mean, and sample variance (n − 1). */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** Contacts (those with value 0 included), Σ value, Σ value². */
export interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

export function momentsFromSums({ n, sum: total, sumSquares }: Sums): Outcome<Moments> {
  if (!isCount(n) || !Number.isFinite(total) || !Number.isFinite(sumSquares)) return unavailable("invalidInput");
  if (n === 0) return unavailable("noContacts");
  if (n < 2) return unavailable("tooFewContacts");
  const mean = total / n;
  return computed({ n, mean, variance: Math.max(0, (sumSquares - total * mean) / (n - 1)) });
}

/** Moments of `n` contacts of whom all but those listed have the value 0. */
export function momentsWithZeros(n: number, values: readonly number[]): Outcome<Moments> {
  if (!isCount(n) || values.length > n || !values.every(Number.isFinite)) return unavailable("invalidInput");
  if (n === 0) return unavailable("noContacts");
  if (n < 2) return unavailable("tooFewContacts");
  const mean = sum(values) / n;
  const squares = sum(values.map((value) => (value - mean) ** 2)) + (n - values.length) * mean * mean;
  return computed({ n, mean, variance: squares / (n - 1) });
}

/**
 * Skewness m₃/m₂^1.5 of `n` contacts of whom all but those listed have the value 0; 0 when there is no spread. n ≥ 1.
 * Computed from the listed values, so that a million zeros cost nothing.
 */
export function skewnessWithZeros(n: number, values: readonly number[]): number {
  const mean = sum(values) / n;
  const zeros = n - values.length;
  const second = sum(values.map((value) => (value - mean) ** 2)) + zeros * mean ** 2;
  const third = sum(values.map((value) => (value - mean) ** 3)) - zeros * mean ** 3;
  return second > 0 ? third / n / (second / n) ** 1.5 : 0;
}

/** Two values per contact: means, and sums of squares and products about the means. */
export interface CoMoments {
  readonly n: number;
  readonly meanY: number;
  readonly meanX: number;
  readonly syy: number;
  readonly sxx: number;
  readonly sxy: number;
}

export interface Pair {
  readonly y: number;
  readonly x: number;
}

export function coMomentsFromPairs(pairs: readonly Pair[]): Outcome<CoMoments> {
  if (!pairs.every(({ y, x }) => Number.isFinite(y) && Number.isFinite(x))) return unavailable("invalidInput");
  const n = pairs.length;
  if (n === 0) return unavailable("noContacts");
  if (n < 2) return unavailable("tooFewContacts");
  const meanY = sum(pairs.map(({ y }) => y)) / n;
  const meanX = sum(pairs.map(({ x }) => x)) / n;
  return computed({
    n,
    meanY,
    meanX,
    syy: sum(pairs.map(({ y }) => (y - meanY) ** 2)),
    sxx: sum(pairs.map(({ x }) => (x - meanX) ** 2)),
    sxy: sum(pairs.map(({ y, x }) => (y - meanY) * (x - meanX))),
  });
}

/** Σy, Σy², Σx, Σx², Σxy over n contacts, as SQL gives them. */
export interface PairSums {
  readonly n: number;
  readonly sumY: number;
  readonly sumYY: number;
  readonly sumX: number;
  readonly sumXX: number;
  readonly sumXY: number;
}

export function coMomentsFromSums({ n, sumY, sumYY, sumX, sumXX, sumXY }: PairSums): Outcome<CoMoments> {
  if (!isCount(n) || ![sumY, sumYY, sumX, sumXX, sumXY].every(Number.isFinite)) return unavailable("invalidInput");
  if (n === 0) return unavailable("noContacts");
  if (n < 2) return unavailable("tooFewContacts");
  const meanY = sumY / n;
  const meanX = sumX / n;
  return computed({
    n,
    meanY,
    meanX,
    syy: sumYY - sumY * meanY,
    sxx: sumXX - sumX * meanX,
    sxy: sumXY - sumY * meanX,
  });
}
