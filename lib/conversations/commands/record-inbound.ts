import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { findOrAddByPhone } from "@/lib/audience/commands/find-or-add-by-phone";
import { readOptOut } from "@/lib/consent/opt-out-detector";
import { laneOf, newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { recordEngagement } from "@/lib/sending/commands/record-delivery-statuses";
import { findMessagesByWamid, type KnownMessage } from "@/lib/sending/queries/find-messages";
import type { WebhookItem } from "@/lib/whatsapp/webhooks";
import { bodyPlace } from "../inbound";

export type InboundItem = Extract<WebhookItem, { kind: "message" }>;

/** How long after our message an answer without a quote still counts as one to it. */
const ANSWER_DAYS = 7;

interface Inbound {
  id: string;
  item: InboundItem;
  contactId: string;
  classification: "opt_out" | "review" | "button" | "other";
  answers: Pick<KnownMessage, "messageId" | "campaignId"> | undefined;
  sealed: Buffer | null;
}

/**
 * Keeps what people wrote, once per wamid, sealed under their key, and notes on the message they answered that a reply
 * came. A refusal is never counted as a reply (ux 3.1).
 */
export async function recordInbound(ctx: Context, items: readonly InboundItem[]): Promise<void> {
  authorize(ctx, "job.run");
  const contacts = await findOrAddByPhone(
    ctx,
    items.flatMap((item) => (item.waId ? [`+${item.waId}`] : [])),
  );
  const quoted = await findMessagesByWamid(
    ctx,
    items.flatMap((item) => (item.contextWamid ? [item.contextWamid] : [])),
  );
  const latest = await latestMessages(ctx, [...new Set(contacts.values())]);
  const keys = await ctx.keys.keysOf([...contacts.values()]);
  const inbound = items.flatMap((item): Inbound[] => {
    const contactId = contacts.get(`+${item.waId}`);
    const key = contactId && keys.get(contactId);
    if (!contactId || !key) return [];
    const id = newId();
    const answers = (item.contextWamid && quoted.get(item.contextWamid)) || latest.get(contactId);
    const body = item.text === undefined ? null : seal(key, item.text, bodyPlace(id));
    return [{ id, item, contactId, classification: classify(item), answers, sealed: body }];
  });
  if (inbound.length === 0) return;
  await transaction(ctx, async (tx) => {
    await insert(tx, inbound);
    await noteReplies(tx, inbound);
  });
}

function classify(item: InboundItem): Inbound["classification"] {
  if (item.payload?.startsWith("OPT_OUT")) return "opt_out";
  const reading = readOptOut(item.text ?? "");
  if (reading === "optout") return "opt_out";
  if (reading === "review") return "review";
  return item.payload ? "button" : "other";
}

/** The last message that each contact got from us in the days before. */
async function latestMessages(
  ctx: Context,
  contactIds: readonly string[],
): Promise<Map<string, Pick<KnownMessage, "messageId" | "campaignId">>> {
  if (contactIds.length === 0) return new Map();
  const since = new Date(ctx.now().getTime() - ANSWER_DAYS * 86_400_000);
  const rows = await ctx.db.execute<{ contact_id: string; id: string; campaign_id: string }>(sql`
    select c.id as contact_id, m.id, m.campaign_id
    from unnest(${array([...contactIds], "uuid")}) as c(id)
    cross join lateral (
      select id, campaign_id from messages
      where lane = lane_of(c.id) and contact_id = c.id and accepted_at >= ${since}::timestamptz
      order by accepted_at desc limit 1
    ) m`);
  return new Map(rows.map((row) => [row.contact_id, { messageId: row.id, campaignId: row.campaign_id }]));
}

async function insert(tx: Context, inbound: readonly Inbound[]): Promise<void> {
  const column = <T>(read: (one: Inbound) => T) => inbound.map(read);
  await tx.db.execute(sql`
    insert into inbound_messages (lane, id, contact_id, number_id, wamid, type, body_sealed, classification, message_id,
      campaign_id, provider_at, received_at)
    select i.lane, i.id, i.contact_id, n.id, i.wamid, i.type, i.sealed, i.classification, i.message_id, i.campaign_id,
      i.provider_at, ${tx.now()}::timestamptz
    from unnest(
      ${array(
        column((one) => laneOf(one.contactId)),
        "smallint",
      )}, ${array(
        column((one) => one.id),
        "uuid",
      )},
      ${array(
        column((one) => one.contactId),
        "uuid",
      )}, ${array(
        column((one) => one.item.phoneNumberId ?? ""),
        "text",
      )},
      ${array(
        column((one) => one.item.wamid),
        "text",
      )}, ${array(
        column((one) => one.item.type),
        "text",
      )},
      ${array(
        column((one) => one.sealed),
        "bytea",
      )}, ${array(
        column((one) => one.classification),
        "text",
      )},
      ${array(
        column((one) => one.answers?.messageId ?? null),
        "uuid",
      )}, ${array(
        column((one) => one.answers?.campaignId ?? null),
        "uuid",
      )},
      ${array(
        column((one) => one.item.at),
        "timestamptz",
      )}
    ) as i(lane, id, contact_id, phone_number_id, wamid, type, sealed, classification, message_id, campaign_id, provider_at)
    join phone_numbers n on n.phone_number_id = i.phone_number_id
    on conflict (lane, wamid) do nothing`);
}

async function noteReplies(tx: Context, inbound: readonly Inbound[]): Promise<void> {
  const byLane = new Map<number, { messageId: string; kind: "reply" | "opt_out"; at: Date }[]>();
  for (const { contactId, answers, classification, item } of inbound) {
    if (!answers || classification === "review") continue;
    const lane = laneOf(contactId);
    const kind = classification === "opt_out" ? "opt_out" : "reply";
    byLane.set(lane, [...(byLane.get(lane) ?? []), { messageId: answers.messageId, kind, at: item.at }]);
  }
  for (const lane of [...byLane.keys()].sort((a, b) => a - b)) await recordEngagement(tx, lane, byLane.get(lane) ?? []);
}
