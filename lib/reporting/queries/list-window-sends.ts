import { type SQL, sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** How long a request that was under way may still begin after a withdrawal (compliance/design.md 3.2). */
export const WINDOW_SECONDS = 2;

const SHOWN = 200;

export interface WindowSend {
  messageId: string;
  contactId: string;
  /** Null for what was sent apart from campaigns. */
  campaignId: string | null;
  campaignName: string | null;
  withdrawnAt: Date;
  /** When the gate let it through: before the withdrawal was committed. */
  authorisedAt: Date;
}

/**
 * Messages sent on a consent whose attempt was authorised at most two seconds from when the refusal of that person was written
 * down, which covered what they were sent for; not where Meta certainly did not take it. They may have left after the person
 * refused. Nothing later can be: from the commit on the gate refuses. What answers people, such as the confirmation of their
 * refusal, rests on no consent and is none of these.
 */
export function withinWindow(since: Date): SQL {
  return sql`
    select distinct on (a.lane, a.id) a.lane, a.id, a.message_id, a.contact_id, a.campaign_id, a.authorised_at,
      e.recorded_at as withdrawn_at
    from consent_events e
    join send_attempts a on a.lane = e.lane and a.contact_id = e.contact_id and a.basis = 'consent'
      and a.authorised_at between e.recorded_at - make_interval(secs => ${WINDOW_SECONDS}::int)
        and e.recorded_at + make_interval(secs => ${WINDOW_SECONDS}::int)
    join messages m on m.lane = a.lane and m.id = a.message_id
    where e.type in ('withdrawn', 'denied', 'invalidated') and e.recorded_at >= ${since}::timestamptz
      and (e.scope <> 'purpose' or e.purpose_id = m.purpose_id)
      and not exists (select from attempt_outcomes o
        where o.lane = a.lane and o.attempt_id = a.id and o.kind in ('unsent', 'retry', 'rejected'))
    order by a.lane, a.id, e.recorded_at`;
}

/** "Sent within 2 s of a withdrawal": how many, and the newest two hundred. */
export async function listWindowSends(
  ctx: Context,
  { since }: { since: Date },
): Promise<{ count: number; newest: WindowSend[] }> {
  authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<{
    message_id: string;
    contact_id: string;
    campaign_id: string | null;
    name: string | null;
    withdrawn_at: string;
    authorised_at: string;
    count: number;
  }>(sql`
    select sent.message_id, sent.contact_id, sent.campaign_id, c.name, sent.withdrawn_at, sent.authorised_at,
      (count(*) over ())::int as count
    from (${withinWindow(since)}) as sent left join campaigns c on c.id = sent.campaign_id
    order by sent.withdrawn_at desc, sent.id limit ${SHOWN}::int`);
  return {
    count: rows[0]?.count ?? 0,
    newest: rows.map((row) => ({
      messageId: row.message_id,
      contactId: row.contact_id,
      campaignId: row.campaign_id,
      campaignName: row.name,
      withdrawnAt: new Date(row.withdrawn_at),
      authorisedAt: new Date(row.authorised_at),
    })),
  };
}
