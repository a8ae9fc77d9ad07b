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
 * Attempts authorised at most two seconds before a withdrawal of that person was committed, and not proven unsent: the message
 * may have left after the person refused. Nothing later can be: from the commit on the gate refuses.
 */
export function withinWindow(since: Date): SQL {
  return sql`
    select distinct on (a.lane, a.id) a.lane, a.id, a.message_id, a.contact_id, a.campaign_id, a.authorised_at,
      e.recorded_at as withdrawn_at
    from consent_events e
    join send_attempts a on a.lane = e.lane and a.contact_id = e.contact_id
      and a.authorised_at between e.recorded_at - make_interval(secs => ${WINDOW_SECONDS}::int)
        and e.recorded_at + make_interval(secs => ${WINDOW_SECONDS}::int)
    where e.type in ('withdrawn', 'denied', 'invalidated') and e.recorded_at >= ${since}::timestamptz
      and not exists (select from attempt_outcomes o where o.lane = a.lane and o.attempt_id = a.id and o.kind = 'unsent')
    order by a.lane, a.id, e.recorded_at`;
}

/** "Sent within 2 s of a withdrawal", newest first. */
export async function listWindowSends(ctx: Context, { since }: { since: Date }): Promise<WindowSend[]> {
  authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<{
    message_id: string;
    contact_id: string;
    campaign_id: string | null;
    name: string | null;
    withdrawn_at: string;
    authorised_at: string;
  }>(sql`
    select sent.message_id, sent.contact_id, sent.campaign_id, c.name, sent.withdrawn_at, sent.authorised_at
    from (${withinWindow(since)}) as sent left join campaigns c on c.id = sent.campaign_id
    order by sent.withdrawn_at desc, sent.id limit ${SHOWN}::int`);
  return rows.map((row) => ({
    messageId: row.message_id,
    contactId: row.contact_id,
    campaignId: row.campaign_id,
    campaignName: row.name,
    withdrawnAt: new Date(row.withdrawn_at),
    authorisedAt: new Date(row.authorised_at),
  }));
}
