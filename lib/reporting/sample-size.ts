/** What a sample is to show: with this confidence, that fewer than this share fails (attribute sampling, AICPA Audit Sampling). */
export const CONFIDENCE = 0.95;
export const TOLERABLE_SHARE = 0.05;

/**
 * The smallest sample of which one may say, when none of it fails: with 95 % confidence, fewer than 5 % of all fail. Exact for
 * a finite population (hypergeometric): 59 of very many, 45 of a hundred, all of a handful. Were 5 % of the population bad, so
 * many draws without replacement would find none of them with a chance of at most 5 %.
 *
 * @param population how many records there are
 */
export function sampleSize(population: number): number {
  const bad = Math.ceil(population * TOLERABLE_SHARE);
  let chance = 1;
  for (let drawn = 0; drawn < population; drawn++) {
    if (chance <= 1 - CONFIDENCE) return drawn;
    chance *= (population - bad - drawn) / (population - drawn);
  }
  return population;
}

/**
 * The same sample when some of it fails: the largest share of the population that may fail, one-sided with 95 % confidence, by
 * the exact binomial bound (Clopper and Pearson 1934). Wider than needed for a finite population, never narrower.
 */
export function largestShare(failed: number, size: number): number {
  if (size === 0 || failed >= size) return 1;
  let [low, high] = [failed / size, 1];
  for (let step = 0; step < 60; step++) {
    const share = (low + high) / 2;
    if (chanceOfAtMost(failed, size, share) > 1 - CONFIDENCE) low = share;
    else high = share;
  }
  return high;
}

function chanceOfAtMost(failed: number, size: number, share: number): number {
  let logTerm = size * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let k = 0; k < failed; k++) {
    logTerm += Math.log(((size - k) / (k + 1)) * (share / (1 - share)));
    sum += Math.exp(logTerm);
  }
  return sum;
}
