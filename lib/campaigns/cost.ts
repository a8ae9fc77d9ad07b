import type { CostFacts } from "./preflight";

export interface PriceFacts {
  list: { name: string; currency: string; isInvented: boolean } | null;
  /** Micros per delivered message of the campaign's category, by ISO country. */
  rates: ReadonlyMap<string, number>;
}

/**
 * What sending can cost when everybody is delivered. A country without a price counts as unpriced, not as free; people
 * whose country is unknown cost between the cheapest and the dearest price of the list.
 */
export function estimateCost(
  countries: readonly { country: string | null; reachable: number }[],
  {
    holdoutBasisPoints,
    capMicros,
    currency,
  }: { holdoutBasisPoints: number; capMicros: number | null; currency: string },
  { list, rates }: PriceFacts,
): CostFacts {
  const prices = [...rates.values()];
  let [lowMicros, highMicros, unpriced] = [0, 0, 0];
  for (const { country, reachable } of countries) {
    const sent = Math.round((reachable * (10_000 - holdoutBasisPoints)) / 10_000);
    const rate = country === null ? undefined : rates.get(country);
    if (rate !== undefined) {
      lowMicros += sent * rate;
      highMicros += sent * rate;
    } else if (country === null && prices.length > 0) {
      lowMicros += sent * Math.min(...prices);
      highMicros += sent * Math.max(...prices);
    } else unpriced += sent;
  }
  return {
    currency: list?.currency ?? currency,
    listName: list?.name ?? null,
    isInvented: list?.isInvented ?? false,
    lowMicros,
    highMicros,
    unpriced,
    capMicros,
  };
}
