import { relativeProbabilities } from "./hypergeometric";
import type { TwoArmCounts } from "./score-interval";

/** R's tolerance for "as unlikely as what was seen". */
const TIE = Math.log1p(1e-7);

/**
 * Fisher's exact test, two-sided: the probability of all tables with these margins that are no likelier than the one seen.
 * Both arms have contacts. Costs one step per possible table.
 */
export function fisherExact({ xc, nc, xt, nt }: TwoArmCounts): { p: number; log10p: number } {
  const tables = relativeProbabilities({ total: nc + nt, marked: xc + xt, size: nt });
  const seen = tables.find(({ count }) => count === xt)?.log ?? 0;
  let all = 0;
  let unlikely = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (const { log } of tables) {
    all += Math.exp(log);
    if (log <= seen + TIE) largest = Math.max(largest, log);
  }
  for (const { log } of tables) if (log <= seen + TIE) unlikely += Math.exp(log - largest);
  const log = Math.min(0, largest + Math.log(unlikely) - Math.log(all));
  return { p: Math.exp(log), log10p: log / Math.LN10 };
}
