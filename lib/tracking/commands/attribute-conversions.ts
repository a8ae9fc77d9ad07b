import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

const BATCH = 2_000;

interface Waiting extends Record<string, unknown> {
  lane: number;
  id: string;
}

/**
 * Settles whose the new conversions are (by the click, else by identifier) and in which campaigns' windows they fall: by
 * assignment, clicked or not, holdout included (stats 2). Returns how many were looked at.
 */
export async function attributeConversions(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  return transaction(ctx, async (tx) => {
    const waiting = await tx.db.execute<Waiting>(sql`
      select lane, id from conversions where attributed_at is null
      order by lane, received_at limit ${BATCH}::int for update skip locked`);
    if (waiting.length === 0) return 0;
    const ids = array(
      waiting.map((row) => row.id),
      "uuid",
    );
    const lanes = array([...new Set(waiting.map((row) => row.lane))], "smallint");
    await tx.db.execute(sql`
      update conversions v set attributed_at = ${tx.now()}::timestamptz, contact_id = coalesce(
        (select c.contact_id from clicks c where c.lane = v.click_lane and c.id = v.click_id),
        (select i.contact_id from unnest(v.lookups) as l(lookup)
          join identifier_index i on i.lane = lane_of_hash(l.lookup) and i.lookup = l.lookup limit 1))
      where v.lane = any(${lanes}) and v.id = any(${ids})`);
    await tx.db.execute(sql`
      insert into campaign_conversions (lane, campaign_id, contact_id, conversion_id, message_id, variant, occurred_at,
        amount_micros, currency, via_click)
      -- One message per campaign: of people who turned out to be one, the one that was sent.
      select distinct on (v.id, m.campaign_id) m.lane, m.campaign_id, m.contact_id, v.id, m.id, m.variant, v.occurred_at, v.amount_micros, v.currency,
        exists (select 1 from clicks k where k.lane = v.click_lane and k.id = v.click_id and k.message_id = m.id)
      from conversions v
      cross join lateral (
        select v.contact_id as id union all select merged.id from contacts merged where merged.merged_into = v.contact_id
      ) as self
      join messages m on m.lane = lane_of(self.id) and m.contact_id = self.id
      join campaigns c on c.id = m.campaign_id
      join campaign_plans p on p.campaign_id = m.campaign_id
      where v.lane = any(${lanes}) and v.id = any(${ids}) and v.contact_id is not null
        and v.occurred_at >= c.sending_started_at
        and v.occurred_at < c.sending_started_at + make_interval(hours => (p.plan->>'windowHours')::int)
      order by v.id, m.campaign_id, m.accepted_at
      on conflict do nothing`);
    return waiting.length;
  });
}
