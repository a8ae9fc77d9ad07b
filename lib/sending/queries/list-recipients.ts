import { sql } from "drizzle-orm";
import * as z from "zod";
import { maskName, openName } from "@/lib/audience/contact";
import { openIdentifier } from "@/lib/audience/identifier";
import { AppError } from "@/lib/foundation/errors";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { MessageState } from "../message";

const PAGE = 50;
const LARGEST_PAGE = 200;

export interface RecipientFilter {
  campaignId: string;
  variant?: string;
  state?: MessageState;
  reason?: string;
  cursor?: string;
  limit?: number;
}

/** One person of a campaign, masked. */
export interface RecipientView {
  messageId: string;
  contactId: string;
  /** `+34 ••• ••• 412`; null when the person was erased or has no phone number. */
  phone: string | null;
  /** Initials. */
  name: string | null;
  variant: string;
  state: MessageState;
  reason: string | null;
  country: string | null;
  stateAt: Date;
  acceptedAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
}

interface Row extends Record<string, unknown> {
  lane: number;
  id: string;
  contact_id: string;
  variant: string;
  state: MessageState;
  reason: string | null;
  country: string | null;
  state_at: string;
  accepted_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  phone_sealed: Buffer | null;
  name_sealed: Buffer | null;
}

/** Who got what, who did not and why? In an order that says nothing about people; `nextCursor` is null on the last page. */
export async function listRecipients(
  ctx: Context,
  filter: RecipientFilter,
): Promise<{ recipients: RecipientView[]; nextCursor: string | null }> {
  authorize(ctx, "contact.read");
  const limit = Math.min(Math.max(1, filter.limit ?? PAGE), LARGEST_PAGE);
  const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor);
  if (filter.cursor !== undefined && !after) throw new AppError("invalid_input", { field: "cursor" });
  const rows = await ctx.db.execute<Row>(sql`
    select m.lane, m.id, m.contact_id, m.variant, m.state, m.reason, m.country, m.state_at, m.accepted_at, m.delivered_at,
      m.read_at, k.name_sealed,
      (select i.sealed from contact_identifiers i
        where i.lane = m.lane and i.contact_id = m.contact_id and i.kind = 'phone'
        order by i.created_at desc limit 1) as phone_sealed
    from messages m join contacts k on k.lane = m.lane and k.id = m.contact_id
    where m.campaign_id = ${filter.campaignId}::uuid
      ${filter.variant === undefined ? sql`` : sql`and m.variant = ${filter.variant}`}
      ${filter.state === undefined ? sql`` : sql`and m.state = ${filter.state}`}
      ${filter.reason === undefined ? sql`` : sql`and m.reason = ${filter.reason}`}
      ${after ? sql`and (m.lane, m.contact_id) > (${after.lane}::smallint, ${after.contactId}::uuid)` : sql``}
    order by m.lane, m.contact_id limit ${limit + 1}::int`);
  const page = rows.slice(0, limit);
  const keys = await ctx.keys.keysOf(page.map((row) => row.contact_id));
  const last = page.at(-1);
  return {
    recipients: page.map((row) => recipientView(row, keys.get(row.contact_id))),
    nextCursor: last && rows.length > limit ? encodeCursor(last.lane, last.contact_id) : null,
  };
}

function recipientView(row: Row, key: Buffer | undefined): RecipientView {
  const { contact_id: contactId, phone_sealed: phone, name_sealed: name } = row;
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return {
    messageId: row.id,
    contactId,
    phone: key && phone ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed: phone })) : null,
    name: key && name ? maskName(openName(key, contactId, name)) : null,
    variant: row.variant,
    state: row.state,
    reason: row.reason,
    country: row.country,
    stateAt: new Date(row.state_at),
    acceptedAt: instant(row.accepted_at),
    deliveredAt: instant(row.delivered_at),
    readAt: instant(row.read_at),
  };
}

const position = z.tuple([z.int().min(0).max(63), z.uuid()]);

/** Where a page ended: lane and contact, as an opaque text. */
function encodeCursor(lane: number, contactId: string): string {
  return Buffer.from(JSON.stringify([lane, contactId])).toString("base64url");
}

/** Undefined for a text that no page has given. */
function decodeCursor(text: string): { lane: number; contactId: string } | undefined {
  try {
    const parsed = position.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return parsed.success ? { lane: parsed.data[0], contactId: parsed.data[1] } : undefined;
  } catch {
    return undefined;
  }
}
