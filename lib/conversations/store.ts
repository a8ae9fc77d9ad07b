import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { LANES, laneOf } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { type Classification, type InboundItem, originalWamid, REPLIES_UNREAD } from "./inbound";
import { mediaOf } from "./media";
import { ReplyRules, shippedReplyRules } from "./reply-class";
import type { ReplyClass } from "./reply-classes";

/** Our message that an inbound one answers, and how we know. */
export interface Answered {
  lane: number;
  messageId: string;
  campaignId: string | null;
  by: "quoted" | "reaction" | "inferred";
}

export interface InboundRow {
  id: string;
  item: InboundItem;
  contactId: string;
  classification: Classification;
  replyClass: ReplyClass | null;
  /** The number of the rules that said so. */
  rulesNumber: number;
  answers: Answered | undefined;
  bodySealed: Buffer | null;
  detailsSealed: Buffer | null;
}

/** Answers that nobody has to read: a refusal took effect on arrival, and a machine waits for nothing. */
const settledClasses: readonly ReplyClass[] = ["opt_out", "automatic"];

/** Once per wamid. A message that names no number of ours came to the first one of its account. */
export async function insertInbound(tx: Context, rows: readonly InboundRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <T>(
    type: "text" | "uuid" | "smallint" | "int" | "bytea" | "boolean" | "timestamptz",
    read: (row: InboundRow) => T,
  ) => array(rows.map(read), type);
  await tx.db.execute(sql`
    insert into inbound_messages (lane, id, contact_id, number_id, wamid, type, body_sealed, details_sealed, classification,
      message_id, campaign_id, attributed_by, original_wamid, is_forwarded, provider_at, received_at, reply_class, class_by,
      class_rules, handled_at)
    select i.lane, i.id, i.contact_id, n.id, i.wamid, i.type, i.body, i.details, i.classification, i.message_id, i.campaign_id,
      i.attributed_by, i.original, i.forwarded, i.provider_at, ${tx.now()}::timestamptz, i.reply_class,
      case when i.reply_class is not null then 'rules' end, i.rules,
      case when i.reply_class = any(${array([...settledClasses], "text")}) then ${tx.now()}::timestamptz end
    from unnest(
      ${column("smallint", ({ contactId }) => laneOf(contactId))}, ${column("uuid", ({ id }) => id)},
      ${column("uuid", ({ contactId }) => contactId)}, ${column("text", ({ item }) => item.wabaId)},
      ${column("text", ({ item }) => item.phoneNumberId ?? null)}, ${column("text", ({ item }) => item.wamid)},
      ${column("text", ({ item }) => item.type)}, ${column("bytea", ({ bodySealed }) => bodySealed)},
      ${column("bytea", ({ detailsSealed }) => detailsSealed)}, ${column("text", ({ classification }) => classification)},
      ${column("uuid", ({ answers }) => answers?.messageId ?? null)},
      ${column("uuid", ({ answers }) => answers?.campaignId ?? null)},
      ${column("text", ({ answers }) => answers?.by ?? null)}, ${column("text", ({ item }) => originalWamid(item))},
      ${column("boolean", ({ item }) => item.isForwarded ?? false)}, ${column("timestamptz", ({ item }) => item.at)},
      ${column("text", ({ replyClass }) => replyClass)}, ${column("int", ({ rulesNumber }) => rulesNumber)}
    ) as i(lane, id, contact_id, waba_id, phone_number_id, wamid, type, body, details, classification, message_id, campaign_id,
      attributed_by, original, forwarded, provider_at, reply_class, rules)
    cross join lateral (
      select id from phone_numbers
      where phone_number_id = i.phone_number_id or (i.phone_number_id is null and waba_id = i.waba_id)
      order by created_at, id limit 1
    ) n
    on conflict (lane, wamid) do nothing`);
}

/** Notes the files that came with these messages, to be fetched; what was kept before this time is noted already. */
export async function noteMedia(tx: Context, rows: readonly InboundRow[]): Promise<boolean> {
  const withFile = rows.filter(({ item }) => mediaOf(item.content));
  if (withFile.length === 0) return false;
  await tx.db.execute(sql`
    insert into inbound_media (lane, message_id, contact_id, number_id, next_at, received_at)
    select i.lane, i.id, i.contact_id, i.number_id, ${tx.now()}::timestamptz, ${tx.now()}::timestamptz
    from unnest(${array(
      withFile.map(({ contactId }) => laneOf(contactId)),
      "smallint",
    )},
      ${array(
        withFile.map(({ id }) => id),
        "uuid",
      )}) as noted (lane, id)
    join inbound_messages i on i.lane = noted.lane and i.id = noted.id`);
  return true;
}

/** Marks what these people changed or took back, whatever came first. It stays as it was written. */
export async function markOriginals(tx: Context, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await tx.db.execute(sql`
    update inbound_messages as original set
      edited_at = least(original.edited_at, change.edited_at), revoked_at = least(original.revoked_at, change.revoked_at)
    from (
      select later.lane, later.contact_id, later.original_wamid,
        min(later.provider_at) filter (where later.type = 'edit') as edited_at,
        min(later.provider_at) filter (where later.type = 'revoke') as revoked_at
      from unnest(${array(contactIds.map(laneOf), "smallint")}, ${array([...contactIds], "uuid")}) as wanted (lane, id)
      join inbound_messages as later on later.lane = wanted.lane and later.contact_id = wanted.id
      where later.original_wamid is not null group by later.lane, later.contact_id, later.original_wamid
    ) as change
    where original.lane = change.lane and original.wamid = change.original_wamid
      and original.contact_id = change.contact_id
      and (original.edited_at is distinct from least(original.edited_at, change.edited_at)
        or original.revoked_at is distinct from least(original.revoked_at, change.revoked_at))`);
}

/** Which of these messages are kept already, in whatever lane. */
export async function knownWamids(tx: Context, wamids: readonly string[]): Promise<Set<string>> {
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  const rows = await tx.db.execute<{ wamid: string }>(sql`
    select wamid from inbound_messages
    where lane = any(${array(lanes, "smallint")}) and wamid = any(${array([...wamids], "text")})`);
  return new Set(rows.map(({ wamid }) => wamid));
}

/** The rules in force and their number; 1 are the shipped ones. */
export async function rulesInForce(db: Context["db"]): Promise<{ number: number; rules: ReplyRules }> {
  const [row] = await db.execute<{ number: number; rules: unknown }>(sql`
    select number, rules from reply_rules order by number desc limit 1`);
  return row ? { number: row.number, rules: ReplyRules.parse(row.rules) } : { number: 1, rules: shippedReplyRules };
}

/** Counts again what was answered to these messages of ours. Their lane is not in the answer's row, so all are asked. */
export async function recountAnswered(tx: Context, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await tx.db.execute(sql`
    select recount_replies(m.lane, array_agg(m.id)) from generate_series(0, 63) as l(lane)
    join messages m on m.lane = l.lane and m.id = any(${array([...messageIds], "uuid")}) group by m.lane order by m.lane`);
}

/** Everything that is or was a contact of this person: the one asked for, whom they live on as, and whoever became them. */
export async function personIds(ctx: Context, contactId: string): Promise<string[]> {
  const rows = await ctx.db.execute<{ id: string }>(sql`
    with main as (select coalesce(merged_into, id) as id from contacts
      where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid)
    select id from main union select k.id from contacts k join main on k.merged_into = main.id`);
  return rows.map(({ id }) => id);
}

/** Null: one of our own processes. */
export function userOf({ actor }: Context): string | null {
  return actor.kind === "user" ? actor.userId : null;
}

/** Once nothing is unread, the notice that something is ends. */
export async function resolveWhenRead(tx: Context): Promise<void> {
  const rows = await tx.db.execute(sql`
    select 1 from inbound_messages where handled_at is null and reply_class is not null and seen_at is null limit 1`);
  if (rows.length === 0) await resolveNotice(tx, REPLIES_UNREAD);
}
