/** How many of `marked` contacts among `total` fall into a random group of `size`. */
export interface Hypergeometric {
  readonly total: number;
  readonly marked: number;
  readonly size: number;
}

/** One possible count with the logarithm of its probability relative to the most likely count. */
export interface RelativeProbability {
  readonly count: number;
  readonly log: number;
}

/**
 * Every possible count, ascending, by the recurrence of neighbouring probabilities from the mode outwards. Relative to the
 * mode nothing overflows, and the sum of the exponentials normalises better than differences of ln Γ do at 1e7 contacts.
 */
export function relativeProbabilities({ total, marked, size }: Hypergeometric): RelativeProbability[] {
  const lowest = Math.max(0, size + marked - total);
  const highest = Math.min(size, marked);
  const mode = Math.min(highest, Math.max(lowest, Math.floor(((size + 1) * (marked + 1)) / (total + 2))));
  /** ln P(count + 1) − ln P(count) */
  const step = (count: number) =>
    Math.log(((marked - count) / (count + 1)) * ((size - count) / (total - marked - size + count + 1)));

  const below: RelativeProbability[] = [];
  let log = 0;
  for (let count = mode - 1; count >= lowest; count -= 1) {
    log -= step(count);
    below.push({ count, log });
  }
  const above: RelativeProbability[] = [{ count: mode, log: 0 }];
  log = 0;
  for (let count = mode + 1; count <= highest; count += 1) {
    log += step(count - 1);
    above.push({ count, log });
  }
  return [...below.reverse(), ...above];
}
