import { type SQL, sql } from "drizzle-orm";
import { openIdentifier } from "@/lib/audience/identifier";
import { LANES } from "@/lib/foundation/ids";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { bodyPlace } from "../inbound";
import { knownClass, type ReplyClass } from "../reply-classes";

export const replyStates = ["open", "handled", "all"] as const;
export type ReplyState = (typeof replyStates)[number];

export interface ReplyView {
  id: string;
  contactId: string;
  /** Masked; null when erased or without. */
  phone: string | null;
  /** What they wrote; null: nothing in words, or no longer kept. */
  text: string | null;
  /** Meta's word: text, image, location, … */
  type: string;
  replyClass: ReplyClass;
  campaign: { id: string; name: string } | null;
  variant: string | null;
  at: Date;
  isUnread: boolean;
  handledAt: Date | null;
  isRevoked: boolean;
}

export interface ReplyFilter {
  state: ReplyState;
  replyClass?: ReplyClass | undefined;
  campaignId?: string | undefined;
}

interface Row extends Record<string, unknown> {
  lane: number;
  id: string;
  contact_id: string;
  type: string;
  body: Buffer | null;
  class: string;
  campaign_id: string | null;
  campaign: string | null;
  variant: string | null;
  at: string;
  unread: boolean;
  handled: string | null;
  revoked: boolean;
  phone: Buffer | null;
}

const CURSOR = /^([01])~([0-9a-f-]{36})$/;

/**
 * What people answered, a page at a time: what nobody has read first, then the newest. The cursor names the last row, whatever
 * its lane: ids are ordered by time. Texts are opened in one batch, and a number is shown masked.
 */
export async function listReplies(
  ctx: Context,
  { filter, cursor, limit = 50 }: { filter: ReplyFilter; cursor?: string | undefined; limit?: number },
): Promise<{ replies: ReplyView[]; nextCursor: string | null }> {
  authorize(ctx, "conversation.read");
  const rows = await ctx.db.execute<Row>(sql`
    select found.*, campaign.name as campaign, (
        select sealed from contact_identifiers k where k.lane = found.lane and k.contact_id = found.contact_id
          and k.kind = 'phone' and k.former_at is null order by k.created_at desc limit 1) as phone,
      case when found.campaign_id is not null then (
        select m.variant from messages m where m.lane = found.lane and m.id = found.message_id) end as variant
    from (
      select picked.* from generate_series(0, ${LANES - 1}) as l(n)
      cross join lateral (
        select i.lane, i.id, i.contact_id, i.type, i.body_sealed as body, i.reply_class as class, i.campaign_id, i.message_id,
          i.provider_at as at, ${UNREAD} as unread, i.handled_at as handled, i.revoked_at is not null as revoked
        from inbound_messages i where i.lane = l.n::smallint and ${where(filter, cursor)}
        order by ${order(filter)} limit ${limit + 1}::int
      ) picked
    ) found
    left join campaigns campaign on campaign.id = found.campaign_id
    order by ${filter.state === "open" ? sql`found.unread desc, ` : sql``} found.id desc limit ${limit + 1}::int`);
  const shown = rows.slice(0, limit);
  const keys = await ctx.keys.keysOf([...new Set(shown.map((row) => row.contact_id))]);
  const last = shown.at(-1);
  return {
    replies: shown.map((row) => viewOf(row, keys.get(row.contact_id))),
    nextCursor: rows.length > limit && last ? `${last.unread ? 1 : 0}~${last.id}` : null,
  };
}

const UNREAD = sql`(i.seen_at is null and i.handled_at is null)`;

function where({ state, replyClass, campaignId }: ReplyFilter, cursor: string | undefined): SQL {
  const [, unread, id] = CURSOR.exec(cursor ?? "") ?? [];
  const after =
    id === undefined
      ? undefined
      : state === "open"
        ? sql`(${UNREAD}, i.id) < (${unread === "1"}::boolean, ${id}::uuid)`
        : sql`i.id < ${id}::uuid`;
  const conditions = [
    sql`i.reply_class is not null`,
    state === "open" ? sql`i.handled_at is null` : state === "handled" ? sql`i.handled_at is not null` : undefined,
    replyClass && sql`i.reply_class = ${replyClass}`,
    campaignId && sql`i.campaign_id = ${campaignId}::uuid`,
    after,
  ].flatMap((condition) => (condition ? [condition] : []));
  return sql.join(conditions, sql` and `);
}

function order({ state }: ReplyFilter): SQL {
  return state === "open" ? sql`${UNREAD} desc, i.id desc` : sql`i.id desc`;
}

function viewOf(row: Row, key: Buffer | undefined): ReplyView {
  const { id, contact_id: contactId, body, phone } = row;
  return {
    id,
    contactId,
    phone: key && phone ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed: phone })) : null,
    text: key && body ? open(key, body, bodyPlace(id)).toString("utf8") : null,
    type: row.type,
    replyClass: knownClass(row.class),
    campaign: row.campaign_id && row.campaign !== null ? { id: row.campaign_id, name: row.campaign } : null,
    variant: row.variant,
    at: new Date(row.at),
    isUnread: row.unread,
    handledAt: row.handled === null ? null : new Date(row.handled),
    isRevoked: row.revoked,
  };
}
