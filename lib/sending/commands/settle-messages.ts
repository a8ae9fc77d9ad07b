import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { logRefusals } from "./log-refusals";

/**
 * Ends what silence ends: unknown for a day, no status past Meta's time to live, and, logged like a refusal of the gate, what
 * has not left by its deadline. Returns how many.
 */
export async function settleMessages(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  let settled = 0;
  for (let lane = 0; lane < LANES; lane++) {
    const [row] = await ctx.db.execute<{ n: number }>(sql`select settle_silence(${lane}::smallint) as n`);
    settled += row?.n ?? 0;
  }
  const late = await ctx.db.execute<{ lane: number }>(sql`
    select l.lane from generate_series(0, ${LANES - 1}::int) as l(lane) where exists (select from messages m
      where m.lane = l.lane and m.state in ('planned', 'queued') and m.deadline_at is not null and m.deadline_at <= app_now())`);
  for (const { lane } of late)
    settled += await logRefusals(
      ctx,
      lane,
      (entryId) => sql`select * from miss_deadlines(${lane}::smallint, ${entryId}::uuid)`,
    );
  return settled;
}

/** Cancels what had not left of stopped campaigns, logged like a refusal of the gate. Returns how many. */
export async function cancelStoppedMessages(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  const waiting = await ctx.db.execute<{ id: string; lane: number }>(sql`
    select distinct c.id, m.lane from campaigns c join messages m on m.campaign_id = c.id and m.state in ('planned', 'queued')
    where c.status in ('stopped', 'archived')`);
  let cancelled = 0;
  for (const { id, lane } of waiting)
    cancelled += await logRefusals(
      ctx,
      lane,
      (entryId) => sql`select * from cancel_messages(${lane}::smallint, ${id}::uuid, ${entryId}::uuid)`,
    );
  return cancelled;
}
