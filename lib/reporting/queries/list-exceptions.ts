import { sql } from "drizzle-orm";
import { openIdentifier } from "@/lib/audience/identifier";
import { AppError } from "@/lib/foundation/errors";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

const SHOWN = 100;

export interface UnknownOutcome {
  messageId: string;
  contactId: string;
  /** Masked; null for whoever hides it or was erased. */
  phone: string | null;
  campaignName: string | null;
  /** Since when nobody knows. */
  at: Date;
  /** Nothing came within 24 hours: it counts as sent for caps and comparisons, and as not delivered in rates. */
  isFinal: boolean;
}

/** Messages whose request broke off: Meta may have taken them or not. Newest first, with how many there are. */
export async function listUnknownOutcomes(ctx: Context): Promise<{ count: number; newest: UnknownOutcome[] }> {
  authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<{
    id: string;
    contact_id: string;
    phone: Buffer | null;
    name: string | null;
    at: string;
    state: string;
    count: number;
  }>(sql`
    select m.id, m.contact_id, c.name, m.state_at as at, m.state, (count(*) over ())::int as count,
      (select i.sealed from contact_identifiers i where i.lane = m.lane and i.contact_id = m.contact_id
        and i.kind = 'phone' and i.former_at is null order by i.created_at desc limit 1) as phone
    from messages m left join campaigns c on c.id = m.campaign_id
    where m.state in ('unknown', 'unknown_final') order by m.state_at desc, m.id limit ${SHOWN}::int`);
  const keys = await ctx.keys.keysOf(rows.map((row) => row.contact_id));
  return {
    count: rows[0]?.count ?? 0,
    newest: rows.map(({ id, contact_id: contactId, phone, name, at, state }) => {
      const key = keys.get(contactId);
      return {
        messageId: id,
        contactId,
        phone: key && phone ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed: phone })) : null,
        campaignName: name,
        at: new Date(at),
        isFinal: state === "unknown_final",
      };
    }),
  };
}

export interface Override {
  eventId: string;
  /** `campaign.approved`, `kill_switch.released`, `suppression.removed`, … */
  type: string;
  at: Date;
  by: string | null;
}

/** What one person did alone where two are asked for: solo mode allows it, and the log says so. Newest first. */
export async function listOverrides(ctx: Context): Promise<Override[]> {
  authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<{ id: string; type: string; at: string; by: string | null }>(sql`
    select a.id, a.type, a.at, u.name as by from audit_events a left join users u on u.id::text = a.actor_id
    where a.data like any (array['%"isSolo":true%', '%"signedBy":"solo"%'])
    order by a.at desc, a.id limit ${SHOWN}::int`);
  return rows.map(({ id, type, at, by }) => ({ eventId: id, type, at: new Date(at), by }));
}

export interface Refusal {
  messageId: string;
  contactId: string;
  campaignName: string | null;
  /** Which of the gate's twelve checks. */
  check: number;
  reason: string;
  at: Date;
}

const PAGE = 50;

/** Messages that the gate did not let out for a reason, newest first, a page at a time. */
export async function listRefusals(
  ctx: Context,
  { reason, cursor }: { reason: string; cursor?: string },
): Promise<{ refusals: Refusal[]; nextCursor: string | null }> {
  authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<{
    message_id: string;
    contact_id: string;
    name: string | null;
    check_number: number;
    reason: string;
    at: string;
  }>(sql`
    select r.message_id, r.contact_id, c.name, r.check_number, r.reason, r.at
    from gate_refusals r left join campaigns c on c.id = r.campaign_id
    where r.reason = ${reason} ${cursor === undefined ? sql`` : afterCursor(cursor)}
    order by r.at desc, r.message_id desc limit ${PAGE + 1}::int`);
  const page = rows.slice(0, PAGE);
  const last = page.at(-1);
  return {
    refusals: page.map((row) => ({
      messageId: row.message_id,
      contactId: row.contact_id,
      campaignName: row.name,
      check: row.check_number,
      reason: row.reason,
      at: new Date(row.at),
    })),
    nextCursor: last && rows.length > PAGE ? `${new Date(last.at).toISOString()}~${last.message_id}` : null,
  };
}

function afterCursor(cursor: string) {
  const [at = "", id = "", ...rest] = cursor.split("~");
  if (rest.length > 0 || Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) {
    throw new AppError("invalid_input", { field: "cursor" });
  }
  return sql`and (r.at, r.message_id) < (${at}::timestamptz, ${id}::uuid)`;
}

/** How many messages the gate did not let out, by reason, most often first. */
export async function countRefusals(ctx: Context): Promise<{ reason: string; count: number }[]> {
  authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<{ reason: string; count: number }>(sql`
    select reason, count(*)::int as count from gate_refusals group by reason order by count desc, reason`);
  return [...rows];
}
