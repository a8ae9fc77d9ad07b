import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { getBooks } from "@/lib/sending/queries/get-books";

/** How the machinery stands, for those who run it. Ages in seconds of business time; 0 where nothing waits. */
export interface Operations {
  /** How long the message that is due longest has waited, where its campaign may send. */
  queueAgeSeconds: number;
  /** Messages whose fate nobody knows yet. */
  unknown: number;
  /** How long the oldest webhook that was acknowledged has waited to be read. */
  webhookLagSeconds: number;
  /** How long the oldest entry that no signed checkpoint covers has waited. */
  logLagSeconds: number;
  /** Campaigns under way whose states do not add up to their recipients. Anything but 0 is an alarm. */
  openBooks: number;
}

/** One probe of an index a lane, and one pass over the messages of each campaign under way. */
export async function readOperations(ctx: Context): Promise<Operations> {
  authorize(ctx, "job.run");
  const [row] = await ctx.db.execute<Record<"queue" | "unknown" | "webhooks" | "log", number>>(sql`
    select
      (select coalesce(max(extract(epoch from app_now() - due.not_before)), 0)::float8
        from campaigns c cross join generate_series(0, ${LANES - 1}::int) as l(lane)
        cross join lateral (select m.not_before from messages m where m.lane = l.lane and m.state = 'queued'
          and m.campaign_id = c.id and m.not_before <= app_now() order by m.not_before limit 1) due
        where c.status = 'sending' and not exists (select from kill_switches s where s.released_at is null
          and (s.level = 'installation' or s.target_id in (c.id, c.number_id)))) as queue,
      (select count(*)::int from generate_series(0, ${LANES - 1}::int) as l(lane)
        join messages m on m.lane = l.lane and m.state in ('sending', 'unknown') and m.state = 'unknown') as unknown,
      (select coalesce(extract(epoch from app_now() - min(received_at)), 0)::float8
        from webhook_inbox where status = 'new') as webhooks,
      (select coalesce(extract(epoch from app_now() - min(e.recorded_at)), 0)::float8 from (
        (select e.recorded_at from log_pending p join log_entries e on e.lane = p.lane and e.id = p.entry_id
          order by e.recorded_at limit 1)
        union all
        (select e.recorded_at from log_sequence s join log_entries e on e.lane = s.lane and e.id = s.entry_id
          where s.idx = (select coalesce(max(size), 0) from log_checkpoints))) e) as log`);
  const active = await ctx.db.execute<{ id: string }>(sql`
    select id from campaigns where status in ('sending', 'paused', 'frozen', 'measuring')`);
  let openBooks = 0;
  for (const { id: campaignId } of active) if (!(await getBooks(ctx, { campaignId })).isClosed) openBooks += 1;
  const age = (seconds: number | undefined) => Math.max(0, seconds ?? 0);
  return {
    queueAgeSeconds: age(row?.queue),
    unknown: row?.unknown ?? 0,
    webhookLagSeconds: age(row?.webhooks),
    logLagSeconds: age(row?.log),
    openBooks,
  };
}
