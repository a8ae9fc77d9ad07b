/** Enough halvings to reach the last bit of any root that is not closer to zero than 1e-120. */
const MAX_HALVINGS = 400;

/**
 * The point of [lo, hi] where a function changes sign, by plain bisection to the last bit. Infinite values count by their
 * sign. Without a change of sign the answer is an end of the interval.
 */
export function bisect(f: (x: number) => number, lo: number, hi: number): number {
  let low = lo;
  let high = hi;
  const startsPositive = f(lo) > 0;
  for (let step = 0; step < MAX_HALVINGS; step += 1) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    const value = f(middle);
    if (value === 0) return middle;
    if (value > 0 === startsPositive) low = middle;
    else high = middle;
  }
  return low + (high - low) / 2;
}
