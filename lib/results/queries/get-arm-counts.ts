import { sql } from "drizzle-orm";
import { HOLDOUT } from "@/lib/experiments/allocation";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ArmCounts, emptyArm } from "../arm-counts";

interface MessageRow extends Record<string, unknown> {
  variant: string;
  assigned: number;
  attempted: number;
  sent: number;
  delivered: number;
  read: number;
  clicked: number;
  replied: number;
  opted_out: number;
  failed: number;
  skipped: number;
  unknown: number;
  cost: string;
  unpriced: number;
}

interface ConversionRow extends Record<string, unknown> {
  variant: string;
  converted: number;
  orders: number;
  revenue: string;
  squares: number;
  foreign_orders: number;
}

/**
 * Counts of every part of a campaign, A first and the holdout last; a part that got nobody is there with zeros. Two passes
 * of the database: one over the messages, one over the conversions that fell into the window.
 *
 * Only what takes a look or shows one may ask: pages of a running campaign get no outcome (README decision 7).
 */
export async function getArmCounts(ctx: Context, { campaignId }: { campaignId: string }): Promise<ArmCounts[]> {
  authorize(ctx, "job.run");
  const parts = await partsOf(ctx, campaignId);
  const [messages, failures, conversions] = await Promise.all([
    messageRows(ctx, campaignId),
    failureRows(ctx, campaignId),
    conversionRows(ctx, campaignId),
  ]);
  const arms = new Map(parts.map((key) => [key, emptyArm(key)]));
  const armOf = (key: string): ArmCounts => {
    const arm = arms.get(key) ?? emptyArm(key);
    arms.set(key, arm);
    return arm;
  };
  for (const { variant, opted_out: optedOut, cost, ...counts } of messages)
    Object.assign(armOf(variant), counts, { optedOut, costMicros: Number(cost) });
  for (const { variant, code, count } of failures) armOf(variant).failuresByCode[String(code)] = count;
  for (const row of conversions)
    Object.assign(armOf(row.variant), {
      converted: row.converted,
      orders: row.orders,
      revenueMicros: Number(row.revenue),
      revenueSquares: row.squares,
      foreignOrders: row.foreign_orders,
    });
  return [...arms.values()];
}

/** The parts of the frozen plan; a part that was planned and got nobody shows as zero. */
async function partsOf(ctx: Context, campaignId: string): Promise<string[]> {
  const [row] = await ctx.db.execute<{ arms: { key: string }[]; holdout: number }>(sql`
    select plan->'arms' as arms, (plan->>'holdoutBasisPoints')::int as holdout
    from campaign_plans where campaign_id = ${campaignId}::uuid`);
  if (!row) throw new AppError("not_found", { campaignId });
  const keys = row.arms.map(({ key }) => key).sort();
  return row.holdout > 0 ? [...keys, HOLDOUT] : keys;
}

/** The end of the window in which an outcome counts, as SQL over `c` (campaign) and `p` (plan). */
const windowEnd = sql`c.sending_started_at + make_interval(hours => (p.plan->>'windowHours')::int)`;

async function messageRows(ctx: Context, campaignId: string): Promise<MessageRow[]> {
  return ctx.db.execute<MessageRow>(sql`
    select m.variant,
      count(*)::int as assigned,
      count(*) filter (where m.attempts > 0)::int as attempted,
      count(*) filter (where m.state in ('accepted','sent','delivered','read','failed','no_status'))::int as sent,
      count(*) filter (where m.delivered_at is not null)::int as delivered,
      count(*) filter (where m.read_at is not null)::int as read,
      count(*) filter (where m.clicked_at < ${windowEnd})::int as clicked,
      count(*) filter (where m.replied_at < ${windowEnd} and m.replied_at is distinct from m.opted_out_at)::int as replied,
      count(*) filter (where m.opted_out_at < ${windowEnd})::int as opted_out,
      count(*) filter (where m.state in ('failed','rejected'))::int as failed,
      count(*) filter (where m.state in ('skipped','cancelled','missed_deadline'))::int as skipped,
      count(*) filter (where m.state in ('unknown','unknown_final'))::int as unknown,
      coalesce(sum(m.cost_micros) filter (where m.cost_currency = i.currency), 0)::text as cost,
      count(*) filter (where m.delivered_at is not null
        and (m.cost_micros is null or m.cost_currency is distinct from i.currency))::int as unpriced
    from messages m
    join campaigns c on c.id = m.campaign_id
    join campaign_plans p on p.campaign_id = c.id
    cross join installation i
    where m.campaign_id = ${campaignId}::uuid
    group by m.variant`);
}

async function failureRows(ctx: Context, campaignId: string) {
  return ctx.db.execute<{ variant: string; code: number; count: number }>(sql`
    select variant, coalesce(error_code, 0) as code, count(*)::int as count from messages
    where campaign_id = ${campaignId}::uuid and state in ('failed','rejected')
    group by variant, coalesce(error_code, 0) order by code`);
}

async function conversionRows(ctx: Context, campaignId: string): Promise<ConversionRow[]> {
  return ctx.db.execute<ConversionRow>(sql`
    with person as (
      select v.variant, count(*) as orders,
        coalesce(sum(v.amount_micros) filter (where v.currency = i.currency), 0) as micros,
        count(*) filter (where v.currency <> i.currency) as foreign_orders
      from campaign_conversions v cross join installation i
      where v.campaign_id = ${campaignId}::uuid
      group by v.variant, v.lane, v.contact_id
    )
    select variant, count(*)::int as converted, sum(orders)::int as orders, sum(micros)::text as revenue,
      sum(power(micros / 1000000.0, 2))::float8 as squares, sum(foreign_orders)::int as foreign_orders
    from person group by variant`);
}

/**
 * Revenue of each person who bought, in major units, by part: what a comparison of revenue needs (it caps and permutes).
 */
export async function listRevenueValues(
  ctx: Context,
  { campaignId }: { campaignId: string },
): Promise<Map<string, number[]>> {
  authorize(ctx, "job.run");
  const rows = await ctx.db.execute<{ variant: string; micros: string }>(sql`
    select v.variant, sum(v.amount_micros)::text as micros
    from campaign_conversions v join installation i on i.currency = v.currency
    where v.campaign_id = ${campaignId}::uuid
    group by v.variant, v.lane, v.contact_id
    having sum(v.amount_micros) > 0
    order by v.variant, v.lane, v.contact_id`);
  const values = new Map<string, number[]>();
  for (const { variant, micros } of rows) {
    const list = values.get(variant);
    if (list) list.push(Number(micros) / 1_000_000);
    else values.set(variant, [Number(micros) / 1_000_000]);
  }
  return values;
}
