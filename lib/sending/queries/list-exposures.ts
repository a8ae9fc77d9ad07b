import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

const SHOWN = 100;

/** A message that left in the moment in which its person refused (compliance 3.2). */
export interface Exposure {
  messageId: string;
  attemptId: string;
  contactId: string;
  campaignName: string | null;
  /** When the attempt was committed, and when the refusal was: business time. */
  authorisedAt: Date;
  refusedAt: Date;
}

/**
 * "Sent within 2 s of a withdrawal": attempts that had been committed when the person's refusal was, in the two seconds before,
 * and that are not proven unsent. Newest first, the first 100, and how many there are.
 */
export async function listExposures(ctx: Context): Promise<{ count: number; newest: Exposure[] }> {
  authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<{
    message_id: string;
    attempt_id: string;
    contact_id: string;
    name: string | null;
    authorised_at: string;
    refused_at: string;
    count: number;
  }>(sql`
    select a.message_id, a.id as attempt_id, a.contact_id, c.name, a.authorised_at, min(e.recorded_at) as refused_at,
      (count(*) over ())::int as count
    from consent_events e
    -- Two seconds of real time, however fast the business clock of a sandbox runs.
    cross join lateral (select interval '2 seconds' * coalesce((select greatest(speed, 1) from app_clock), 1) as window) w
    join send_attempts a on a.lane = e.lane and a.contact_id = e.contact_id and a.basis = 'consent'
      and a.authorised_at between e.recorded_at - w.window and e.recorded_at
    join messages m on m.lane = a.lane and m.id = a.message_id
    left join campaigns c on c.id = a.campaign_id
    where e.type in ('withdrawn', 'denied', 'invalidated') and (e.scope <> 'purpose' or e.purpose_id = m.purpose_id)
      and not exists (select from attempt_outcomes o
        where o.lane = a.lane and o.attempt_id = a.id and o.kind in ('unsent', 'retry', 'rejected'))
    group by a.message_id, a.id, a.contact_id, c.name, a.authorised_at
    order by refused_at desc, a.id limit ${SHOWN}::int`);
  return {
    count: rows[0]?.count ?? 0,
    newest: rows.map((row) => ({
      messageId: row.message_id,
      attemptId: row.attempt_id,
      contactId: row.contact_id,
      campaignName: row.name,
      authorisedAt: new Date(row.authorised_at),
      refusedAt: new Date(row.refused_at),
    })),
  };
}
