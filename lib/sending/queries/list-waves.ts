import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface PlannedWave {
  at: Date;
  /** Null where unknown. */
  country: string | null;
  zone: string | null;
  /** Without the holdout, who have the same times and get nothing. */
  people: number;
}

/** The waves of a campaign whose people have been drawn, earliest first; before, none. */
export async function listWaves(ctx: Context, { campaignId }: { campaignId: string }): Promise<PlannedWave[]> {
  authorize(ctx, "campaign.read");
  const rows = await ctx.db.execute<{ at: string; country: string; zone: string; people: number }>(sql`
    select send_at as at, country, zone, sum(people)::int as people from campaign_waves
    where campaign_id = ${campaignId}::uuid group by send_at, country, zone having sum(people) > 0
    order by send_at, people desc, country, zone`);
  return rows.map(({ at, country, zone, people }) => ({
    at: new Date(at),
    country: country || null,
    zone: zone || null,
    people,
  }));
}
