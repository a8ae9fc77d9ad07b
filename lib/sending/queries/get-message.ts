import { sql } from "drizzle-orm";
import { openIdentifier } from "@/lib/audience/identifier";
import { AppError } from "@/lib/foundation/errors";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { MessageState } from "../message";

/** What happened to one message, in the order in which it happened. Nothing of its text: that is the proof's. */
export interface MessageView {
  id: string;
  campaignId: string;
  campaignName: string;
  contactId: string;
  /** Masked; null when the person was erased or has no phone number. */
  phone: string | null;
  variant: string;
  templateName: string | null;
  state: MessageState;
  reason: string | null;
  errorCode: number | null;
  wamid: string | null;
  costMicros: number | null;
  costCurrency: string | null;
  plannedAt: Date;
  clickedAt: Date | null;
  repliedAt: Date | null;
  optedOutAt: Date | null;
  attempts: {
    id: string;
    n: number;
    authorisedAt: Date;
    outcomes: { kind: string; code: number | null; reason: string | null; at: Date }[];
  }[];
  /** As Meta reported them. */
  statuses: { status: string; at: Date; errorCode: number | null }[];
}

interface Row extends Record<string, unknown> {
  lane: number;
  campaign_id: string;
  campaign_name: string;
  contact_id: string;
  variant: string;
  template_name: string | null;
  state: MessageState;
  reason: string | null;
  error_code: number | null;
  wamid: string | null;
  cost_micros: string | null;
  cost_currency: string | null;
  planned_at: string;
  clicked_at: string | null;
  replied_at: string | null;
  opted_out_at: string | null;
  phone_sealed: Buffer | null;
}

/** @throws AppError("not_found") */
export async function getMessage(ctx: Context, { messageId }: { messageId: string }): Promise<MessageView> {
  authorize(ctx, "contact.read");
  // The lane is not in the id of a message, so all are asked: one probe of the primary key each.
  const [row] = await ctx.db.execute<Row>(sql`
    select m.lane, m.campaign_id, c.name as campaign_name, m.contact_id, m.variant, t.name as template_name, m.state, m.reason,
      m.error_code, m.wamid, m.cost_micros, m.cost_currency, m.planned_at, m.clicked_at, m.replied_at, m.opted_out_at,
      (select i.sealed from contact_identifiers i
        where i.lane = m.lane and i.contact_id = m.contact_id and i.kind = 'phone'
        order by i.created_at desc limit 1) as phone_sealed
    from generate_series(0, 63) as l(lane)
    join messages m on m.lane = l.lane and m.id = ${messageId}::uuid
    join campaigns c on c.id = m.campaign_id
    left join templates t on t.id = m.template_id`);
  if (!row) throw new AppError("not_found", { messageId });
  const { lane, contact_id: contactId, phone_sealed: sealed } = row;
  const key = (await ctx.keys.keysOf([contactId])).get(contactId);
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return {
    id: messageId,
    campaignId: row.campaign_id,
    campaignName: row.campaign_name,
    contactId,
    phone: key && sealed ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed })) : null,
    variant: row.variant,
    templateName: row.template_name,
    state: row.state,
    reason: row.reason,
    errorCode: row.error_code,
    wamid: row.wamid,
    costMicros: row.cost_micros === null ? null : Number(row.cost_micros),
    costCurrency: row.cost_currency,
    plannedAt: new Date(row.planned_at),
    clickedAt: instant(row.clicked_at),
    repliedAt: instant(row.replied_at),
    optedOutAt: instant(row.opted_out_at),
    attempts: await attemptsOf(ctx, lane, messageId),
    statuses: await statusesOf(ctx, lane, messageId),
  };
}

async function attemptsOf(ctx: Context, lane: number, messageId: string): Promise<MessageView["attempts"]> {
  const rows = await ctx.db.execute<{
    id: string;
    n: number;
    authorised_at: string;
    kind: string | null;
    code: number | null;
    reason: string | null;
    at: string | null;
  }>(sql`
    select a.id, a.n, a.authorised_at, o.kind, o.code, o.reason, o.at
    from send_attempts a left join attempt_outcomes o on o.lane = a.lane and o.attempt_id = a.id
    where a.lane = ${lane}::smallint and a.message_id = ${messageId}::uuid order by a.n, o.n`);
  const attempts = new Map<string, MessageView["attempts"][number]>();
  for (const { id, n, authorised_at: authorised, kind, code, reason, at } of rows) {
    const attempt = attempts.get(id) ?? { id, n, authorisedAt: new Date(authorised), outcomes: [] };
    if (kind !== null && at !== null) attempt.outcomes.push({ kind, code, reason, at: new Date(at) });
    attempts.set(id, attempt);
  }
  return [...attempts.values()];
}

async function statusesOf(ctx: Context, lane: number, messageId: string): Promise<MessageView["statuses"]> {
  const rows = await ctx.db.execute<{ status: string; at: string; code: number | null }>(sql`
    select status, provider_at as at, error_code as code from message_statuses
    where lane = ${lane}::smallint and message_id = ${messageId}::uuid order by provider_at, recorded_at`);
  return rows.map(({ status, at, code }) => ({ status, at: new Date(at), errorCode: code }));
}
