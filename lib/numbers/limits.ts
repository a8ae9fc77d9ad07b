/** How Meta names a portfolio's messaging limit (cloud-api 13): `TIER_2K` is 2,000 people in rolling 24 h. */
const TIER = /^TIER_(\d+)(K)?$/;

export const UNLIMITED = "TIER_UNLIMITED";
const THOUSAND = 1_000;

/**
 * How many people a portfolio may write to in rolling 24 h; undefined: as many as it likes. A limit that we cannot read
 * counts as the smallest there is, so that nothing is lost to a rejection.
 */
export function peopleAllowed(limit: string): number | undefined {
  if (limit === UNLIMITED) return undefined;
  const tier = TIER.exec(limit);
  if (!tier) return SMALLEST;
  return Number(tier[1]) * (tier[2] ? THOUSAND : 1);
}

const SMALLEST = 250;

/** Messages a second of each level of throughput, inbound and outbound together (cloud-api 13). */
export const throughputOf = { STANDARD: 80, HIGH: 1_000, COEXISTENCE: 20 } as const;
export type ThroughputLevel = keyof typeof throughputOf;

/** The level as a read of the number tells it; undefined for one that says nothing (`NOT_APPLICABLE`). */
export function readThroughput(told: string | undefined): "STANDARD" | "HIGH" | undefined {
  return told === "STANDARD" || told === "HIGH" ? told : undefined;
}
