import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { maskName, openName } from "@/lib/audience/contact";
import { openIdentifier } from "@/lib/audience/identifier";
import type { ConsentStatus } from "@/lib/consent/consent";
import { statusAt } from "@/lib/consent/projection";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { listSentMessages, type SentMessage } from "@/lib/sending/queries/list-sent-messages";
import { bodyPlace } from "../inbound";
import type { MediaState } from "../media";
import { knownClass, type ReplyClass } from "../reply-classes";
import { personIds } from "../store";

export interface InboundView {
  kind: "in";
  id: string;
  /** Of them where several contacts turned out to be one person. */
  contactId: string;
  at: Date;
  type: string;
  /** Null: nothing in words, or no longer kept. */
  text: string | null;
  /** The file that came with it, or why there is none. */
  file: { state: MediaState; mimeType: string | null; byteSize: number | null } | null;
  /** Null: it answers nothing, such as what WhatsApp tells about them. */
  replyClass: ReplyClass | null;
  /** Who sorted it, where a person did. */
  classedBy: string | null;
  campaign: { id: string; name: string } | null;
  /** How it was joined to our message: exactly, or as the last one they got. */
  isInferred: boolean;
  wamid: string;
  isUnread: boolean;
  handledAt: Date | null;
  handledBy: string | null;
  editedAt: Date | null;
  revokedAt: Date | null;
}

export type ConversationItem = InboundView | ({ kind: "out"; at: Date } & SentMessage);

export interface ConversationView {
  contactId: string;
  /** Masked. Null: erased, or without. */
  phone: string | null;
  /** Initials. */
  name: string | null;
  country: string | null;
  isErased: boolean;
  isRestricted: boolean;
  consents: { purpose: string; status: ConsentStatus }[];
  /** Kinds of blocks in force. */
  blocks: string[];
  /** Oldest first. */
  items: ConversationItem[];
  /** Numbers of ours that this person wrote to, the last first, and until when each may answer in words. */
  windows: { numberId: string; number: string; until: Date; isOpen: boolean }[];
}

/** Messages of one person that are shown: the last of them. */
const SHOWN = 200;
/** What of ours never left is not part of a conversation. */
const UNSENT = new Set(["planned", "held_out", "cancelled"]);

/**
 * One person's conversation: who they are as far as whoever answers may know, where they stand, what they wrote and what we did.
 *
 * @throws AppError("not_found")
 */
export async function getConversation(ctx: Context, { contactId }: { contactId: string }): Promise<ConversationView> {
  authorize(ctx, "conversation.read");
  const ids = await personIds(ctx, contactId);
  const [current] = await ctx.db.execute<PersonRow>(sql`
    select c.id, c.name_sealed as name, c.country, c.erased_at is not null as erased, c.restricted_at is not null as restricted,
      (select k.sealed from contact_identifiers k where k.lane = c.lane and k.contact_id = c.id and k.kind = 'phone'
        and k.former_at is null order by k.created_at desc limit 1) as phone
    from contacts c where c.lane = any(${array(ids.map(laneOf), "smallint")}) and c.id = any(${array(ids, "uuid")})
      and c.merged_into is null`);
  if (!current) throw new AppError("not_found", { contactId });
  const { id, name, phone, country, erased: isErased, restricted: isRestricted } = current;
  const keys = await ctx.keys.keysOf(ids);
  const key = keys.get(id);
  const [received, sent] = [await readInbound(ctx, ids, keys), await listSentMessages(ctx, ids, { isMasked: true })];
  const ours = sent
    .filter(({ state }) => !UNSENT.has(state))
    .map((message) => ({ kind: "out" as const, ...message, at: message.acceptedAt ?? message.plannedAt }));
  return {
    contactId: id,
    phone: key && phone ? maskPhone(openIdentifier(key, id, { kind: "phone", sealed: phone })) : null,
    name: key && name ? maskName(openName(key, id, name)) : null,
    country,
    isErased,
    isRestricted,
    consents: await readConsents(ctx, id),
    blocks: await readBlocks(ctx, id),
    items: [...received, ...ours].toSorted((one, other) => one.at.getTime() - other.at.getTime()).slice(-SHOWN),
    windows: await readWindows(ctx, id),
  };
}

interface PersonRow extends Record<string, unknown> {
  id: string;
  name: Buffer | null;
  country: string | null;
  erased: boolean;
  restricted: boolean;
  phone: Buffer | null;
}

interface InboundRow extends Record<string, unknown> {
  id: string;
  contact: string;
  at: string;
  type: string;
  body: Buffer | null;
  class: string | null;
  classed_by: string | null;
  campaign_id: string | null;
  campaign: string | null;
  attributed: string | null;
  wamid: string;
  seen: string | null;
  handled: string | null;
  handled_by: string | null;
  edited: string | null;
  revoked: string | null;
  file_state: MediaState | null;
  file_type: string | null;
  file_size: number | null;
}

async function readInbound(
  ctx: Context,
  ids: readonly string[],
  keys: ReadonlyMap<string, Buffer>,
): Promise<InboundView[]> {
  const rows = await ctx.db.execute<InboundRow>(sql`
    select i.id, i.contact_id as contact, i.provider_at as at, i.type, i.body_sealed as body, i.reply_class as class,
      corrector.name as classed_by, i.campaign_id, campaign.name as campaign, i.attributed_by as attributed, i.wamid,
      i.seen_at as seen, i.handled_at as handled, handler.name as handled_by, i.edited_at as edited, i.revoked_at as revoked,
      file.state as file_state, file.mime_type as file_type, file.byte_size as file_size
    from inbound_messages i
    left join inbound_media file on file.lane = i.lane and file.message_id = i.id
    left join campaigns campaign on campaign.id = i.campaign_id
    left join users corrector on corrector.id = i.class_corrected_by
    left join users handler on handler.id = i.handled_by
    where i.lane = any(${array(ids.map(laneOf), "smallint")}) and i.contact_id = any(${array([...ids], "uuid")})
    order by i.provider_at desc, i.id desc limit ${SHOWN}::int`);
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return rows.map((row) => {
    const key = keys.get(row.contact);
    return {
      kind: "in",
      id: row.id,
      contactId: row.contact,
      at: new Date(row.at),
      type: row.type,
      text: key && row.body ? open(key, row.body, bodyPlace(row.id)).toString("utf8") : null,
      file: row.file_state && { state: row.file_state, mimeType: row.file_type, byteSize: row.file_size },
      replyClass: row.class === null ? null : knownClass(row.class),
      classedBy: row.classed_by,
      campaign: row.campaign_id && row.campaign !== null ? { id: row.campaign_id, name: row.campaign } : null,
      isInferred: row.attributed === "inferred",
      wamid: row.wamid,
      isUnread: row.seen === null && row.handled === null && row.class !== null,
      handledAt: instant(row.handled),
      handledBy: row.handled_by,
      editedAt: instant(row.edited),
      revokedAt: instant(row.revoked),
    };
  });
}

async function readConsents(ctx: Context, contactId: string): Promise<ConversationView["consents"]> {
  const rows = await ctx.db.execute<{
    purpose: string;
    status: ConsentStatus;
    expires: string | null;
    pending: string | null;
  }>(sql`
    select p.name as purpose, s.status, s.expires_at as expires, s.pending_until as pending
    from consent_state s join purposes p on p.id = s.purpose_id
    where s.lane = ${laneOf(contactId)}::smallint and s.contact_id = ${contactId}::uuid order by p.created_at, p.id`);
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return rows.map(({ purpose, status, expires, pending }) => ({
    purpose,
    status: statusAt({ status, expiresAt: instant(expires), pendingUntil: instant(pending) }, ctx.now()),
  }));
}

async function readBlocks(ctx: Context, contactId: string): Promise<string[]> {
  const rows = await ctx.db.execute<{ kind: string }>(sql`
    select kind from contact_suppressions where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid
      and lifted_at is null and (until is null or until > ${ctx.now()}::timestamptz) order by since`);
  return rows.map(({ kind }) => kind);
}

/** As the gate reads it: 24 hours from what they last wrote to that number themselves (check of basis `service`). */
async function readWindows(ctx: Context, contactId: string): Promise<ConversationView["windows"]> {
  const rows = await ctx.db.execute<{ id: string; name: string; until: string }>(sql`
    select n.id, n.verified_name as name,
      max(least(i.provider_at, i.received_at)) + interval '24 hours' as until
    from inbound_messages i join phone_numbers n on n.id = i.number_id
    where i.lane = ${laneOf(contactId)}::smallint and i.contact_id = ${contactId}::uuid and i.classification <> 'system'
    group by n.id, 2 order by 3 desc`);
  return rows.map(({ id, name, until }) => {
    const at = new Date(until);
    return { numberId: id, number: name, until: at, isOpen: at > ctx.now() };
  });
}
