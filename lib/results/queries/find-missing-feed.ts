import { sql } from "drizzle-orm";
import type { PrimaryMetric } from "@/lib/experiments/plan";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { MissingFeed } from "../analysis";

/** Days before the campaign by which a source counts as one that reports every day. */
const KNOWN_DAYS = 14;

/**
 * Whether the data that the primary metric needs were silent for part of the window. Conversions: nothing at all arrived
 * about the window, or a source that had reported on every one of the 14 days before stayed silent for a whole day of it.
 * Replies: Meta's webhooks told nothing about any message. Clicks are recorded by ourselves. While the window lasts
 * (`isOver` false) only a source that skipped a day that has passed counts: the rest may still come.
 */
export async function findMissingFeed(
  ctx: Context,
  { campaignId, metric, isOver = true }: { campaignId: string; metric: PrimaryMetric; isOver?: boolean },
): Promise<MissingFeed | null> {
  authorize(ctx, "job.run");
  if (metric === "click" || (metric === "reply" && !isOver)) return null;
  const [row] =
    metric === "reply" ? await webhookSilence(ctx, campaignId) : await conversionSilence(ctx, { campaignId, isOver });
  const feed = metric === "reply" ? "webhooks" : "conversions";
  return row?.since ? { feed, since: new Date(row.since).toISOString() } : null;
}

function webhookSilence(ctx: Context, campaignId: string) {
  return ctx.db.execute<{ since: string | null }>(sql`
    select case when exists (select from messages where campaign_id = c.id and accepted_at is not null)
      and not exists (select from messages
        where campaign_id = c.id and coalesce(sent_at, delivered_at, read_at, failed_at, replied_at) is not null)
      then c.sending_started_at end as since
    from campaigns c where c.id = ${campaignId}::uuid`);
}

function conversionSilence(ctx: Context, { campaignId, isOver }: { campaignId: string; isOver: boolean }) {
  const windowEnd = sql`c.sending_started_at + make_interval(hours => (p.plan->>'windowHours')::int)`;
  return ctx.db.execute<{ since: string | null }>(sql`
    with span as (
      select c.sending_started_at as start,
        ${isOver ? windowEnd : sql`least(${windowEnd}, ${ctx.now()}::timestamptz)`} as finish
      from campaigns c join campaign_plans p on p.campaign_id = c.id where c.id = ${campaignId}::uuid
    ), daily as (
      select v.source from conversions v, span
      where v.occurred_at >= span.start - make_interval(days => ${KNOWN_DAYS}::int) and v.occurred_at < span.start
      group by v.source, span.start
      having count(distinct floor(extract(epoch from span.start - v.occurred_at) / 86400)) = ${KNOWN_DAYS}::int
    ), silent as (
      select min(day) as since from span
      cross join generate_series(span.start, span.finish - interval '1 day', interval '1 day') as day
      cross join daily
      where not exists (select from conversions v
        where v.source = daily.source and v.occurred_at >= day and v.occurred_at < day + interval '1 day')
    )
    select case when ${isOver} and not exists (select from conversions v, span
        where v.occurred_at >= span.start and v.occurred_at < span.finish) then (select start from span)
      else (select since from silent) end as since`);
}
