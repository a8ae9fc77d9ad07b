/** Random values of the distributions that simulations need, from a source that is handed in. */
import { betaPdf, normQuantile } from "./distributions";
import type { RandomSource } from "./random";

/** Half a step of the source: keeps a quantile away from 0, where it is infinite. */
const HALF_STEP = 2 ** -54;

/** Standard normal, by inversion. */
export const drawNormal = (random: RandomSource): number => normQuantile(random() + HALF_STEP);

/** e^(meanLog + sdLog·Z). */
export const drawLogNormal = (meanLog: number, sdLog: number, random: RandomSource): number =>
  Math.exp(meanLog + sdLog * drawNormal(random));

/**
 * Contacts among n with an outcome of probability p. Inversion that counts from the mode outwards, so that the cost grows with the
 * standard deviation, not with n; the probability of the mode comes from the beta density, exact to 12 digits at n = 1e7.
 */
export function drawBinomial(n: number, p: number, random: RandomSource): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  let massAbove = betaPdf(p, mode + 1, n - mode + 1) / (n + 1);
  let massBelow = massAbove;
  let left = random() - massAbove;
  let above = mode;
  let below = mode;
  while (left >= 0 && (above < n || below > 0)) {
    if (above < n) {
      massAbove *= ((n - above) / (above + 1)) * odds;
      above += 1;
      left -= massAbove;
      if (left < 0) return above;
    }
    if (below > 0) {
      massBelow *= below / ((n - below + 1) * odds);
      below -= 1;
      left -= massBelow;
      if (left < 0) return below;
    }
    if (massAbove + massBelow < 1e-300) break;
  }
  return mode;
}
