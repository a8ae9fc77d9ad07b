import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** Campaigns that somebody answered, the newest first. */
export async function listAnsweredCampaigns(ctx: Context): Promise<{ id: string; name: string }[]> {
  authorize(ctx, "conversation.read");
  return ctx.db.execute<{ id: string; name: string }>(sql`
    select c.id, c.name from campaigns c
    where exists (select from generate_series(0, 63) as l(n)
      join inbound_messages i on i.lane = l.n::smallint and i.campaign_id = c.id)
    order by c.created_at desc, c.id limit 200`);
}
