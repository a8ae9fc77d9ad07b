import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { recordConsentEvents } from "./record-consent-events";

const AT_ONCE = 500;

interface Row extends Record<string, unknown> {
  contact: string;
  purpose: string;
  ended: string;
}

/**
 * Writes down which consents and open questions have run out. Time alone ends them, for the gate and for every count; the event
 * tells people that look at the history, once for each end. Answers how many are new.
 */
export async function noteExpiries(ctx: Context): Promise<number> {
  authorize(ctx, "consent.record");
  let noted = 0;
  for (let lane = 0; lane < LANES; lane++) {
    for (;;) {
      const rows = await runOut(ctx, lane);
      if (rows.length === 0) break;
      const { recorded } = await recordConsentEvents(ctx, { events: rows.map(expiry) });
      noted += recorded.size;
      if (recorded.size === 0 || rows.length < AT_ONCE) break; // of the erased nothing is recorded any more
    }
  }
  return noted;
}

function runOut(ctx: Context, lane: number): Promise<Row[]> {
  const now = ctx.now();
  return ctx.db.execute<Row>(sql`
    select state.contact_id as contact, state.purpose_id as purpose, ended.at as ended
    from consent_state as state
    join contacts on contacts.lane = state.lane and contacts.id = state.contact_id
    cross join lateral (select case state.status when 'granted' then state.expires_at else state.pending_until end as at) as ended
    where state.lane = ${lane}::smallint and contacts.erased_at is null and contacts.merged_into is null
      and ((state.status = 'granted' and state.expires_at <= ${now}::timestamptz)
        or (state.status = 'pending' and state.pending_until < ${now}::timestamptz))
      and not exists (select from consent_events as event
        where event.lane = state.lane and event.contact_id = state.contact_id and event.occurred_at = ended.at
          and event.type = 'expired' and event.purpose_id = state.purpose_id)
    order by state.contact_id, state.purpose_id limit ${AT_ONCE}::int`);
}

function expiry({ contact, purpose, ended }: Row) {
  const occurredAt = new Date(ended);
  return {
    contactId: contact,
    type: "expired",
    purposeId: purpose,
    scope: "purpose",
    source: "system",
    occurredAt,
    isComplete: true,
    idempotencyKey: `expired ${contact} ${purpose} ${occurredAt.getTime()}`,
  } as const;
}
