import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** Ends what silence ends: deadlines, unknown for a day, no status past Meta's time to live. Returns how many. */
export async function settleMessages(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  let settled = 0;
  for (let lane = 0; lane < LANES; lane++) {
    const [row] = await ctx.db.execute<{ n: number }>(sql`select settle_silence(${lane}::smallint) as n`);
    settled += row?.n ?? 0;
  }
  return settled;
}

/** Cancels what had not left of stopped campaigns. */
export async function cancelStoppedMessages(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  const rows = await ctx.db.execute<{ n: number }>(sql`
    select cancel_messages(c.id) as n from campaigns c
    where c.status in ('stopped', 'archived')
      and exists (select 1 from messages m where m.campaign_id = c.id and m.state in ('planned', 'queued'))`);
  return rows.reduce((sum, row) => sum + row.n, 0);
}
