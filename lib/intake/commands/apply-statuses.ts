import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import type { ToldAbout } from "@/lib/audience/commands/keep-identifiers";
import { learnIdentities } from "@/lib/consent/commands/learn-identities";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { recordDeliveryStatuses } from "@/lib/sending/commands/record-delivery-statuses";
import { wamidHash } from "@/lib/sending/commands/record-outcomes";
import { findMessagesByCallback, findMessagesByWamid, type KnownMessage } from "@/lib/sending/queries/find-messages";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";
import { oneOrEach } from "../one-or-each";
import type { DeadItem, Placed } from "../placed";

export type StatusItem = ItemOf<"status">;

/** Lanes worked on at once: each is a transaction of its own. */
const LANES_AT_ONCE = 4;

/**
 * Brings statuses to their messages: by our own callback data, else by wamid. One that knows neither yet is parked until
 * its wamid appears: a webhook may well beat our own record of the send (cloud-api 8).
 */
export async function applyStatuses(ctx: Context, placed: readonly Placed<StatusItem>[]): Promise<DeadItem[]> {
  authorize(ctx, "job.run");
  if (placed.length === 0) return [];
  const known = await messagesOf(
    ctx,
    placed.map(({ item }) => item),
  );
  const byLane = new Map<number, Placed<StatusItem>[]>();
  const strangers: Placed<StatusItem>[] = [];
  for (const one of placed) {
    const message = known.get(one.item);
    const lane = message && byLane.get(message.lane);
    if (lane) lane.push(one);
    else if (message) byLane.set(message.lane, [one]);
    else strangers.push(one);
  }
  const dead = await oneOrEach(strangers, (some) =>
    park(
      ctx,
      some.map(({ item }) => item),
    ),
  );
  const waiting = [...byLane];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [lane, statuses] = next;
      const record = (some: readonly Placed<StatusItem>[]) =>
        recordDeliveryStatuses(ctx, lane, toStatuses(some, known));
      dead.push(...(await oneOrEach(statuses, record)));
    }
  };
  await Promise.all(Array.from({ length: LANES_AT_ONCE }, work));
  const found = placed.filter(({ item }) => known.has(item));
  dead.push(...(await oneOrEach(found, (some) => learnIdentities(ctx, recipients(some, known)))));
  return dead;
}

/** Who Meta says the recipients are: how they are found when they write (cloud-api 9.4, 12.2). */
function recipients(placed: readonly Placed<StatusItem>[], known: ReadonlyMap<StatusItem, KnownMessage>): ToldAbout[] {
  return placed.flatMap(({ item }) => {
    const message = known.get(item);
    if (!message || item.recipientType === "group") return [];
    const { contactId } = message;
    return [
      {
        contactId,
        waId: item.recipientWaId ?? item.contact?.waId,
        userId: item.recipientUserId ?? item.contact?.userId,
        parentUserId: item.recipientParentUserId ?? item.contact?.parentUserId,
      },
    ];
  });
}

function toStatuses(placed: readonly Placed<StatusItem>[], known: ReadonlyMap<StatusItem, KnownMessage>) {
  return placed.flatMap(({ item }) => {
    const message = known.get(item);
    return message ? [toStatus(item, message)] : [];
  });
}

async function messagesOf(ctx: Context, items: readonly StatusItem[]): Promise<Map<StatusItem, KnownMessage>> {
  const byCallback = await findMessagesByCallback(
    ctx,
    items.flatMap((item) => (item.callbackData ? [item.callbackData] : [])),
  );
  const rest = items.filter((item) => !byCallback.has(item.callbackData ?? ""));
  const byWamid = await findMessagesByWamid(
    ctx,
    rest.map((item) => item.wamid),
  );
  const found = new Map<StatusItem, KnownMessage>();
  for (const item of items) {
    const message = byCallback.get(item.callbackData ?? "") ?? byWamid.get(item.wamid);
    if (message) found.set(item, message);
  }
  return found;
}

/** A status item as the sending room takes it. */
export function toStatus(
  item: Pick<StatusItem, "wamid" | "status" | "at" | "pricing" | "errors">,
  message: KnownMessage,
) {
  const [error] = item.errors;
  return {
    messageId: message.messageId,
    status: item.status,
    providerAt: item.at,
    wamid: item.wamid,
    errorCode: error?.code ?? null,
    detail: error?.title ?? null,
    pricingType: item.pricing?.type ?? null,
    pricingCategory: item.pricing?.category ?? null,
  };
}

async function park(ctx: Context, items: readonly StatusItem[]): Promise<void> {
  if (items.length === 0) return;
  const hashes = items.map((item) => wamidHash(item.wamid));
  await ctx.db.execute(sql`
    insert into parked_statuses (lane, wamid_hash, status, item, parked_at)
    select lane_of_hash(p.hash), p.hash, p.status, p.item, ${ctx.now()}::timestamptz
    from unnest(${array(hashes, "bytea")}, ${array(
      items.map((item) => item.status),
      "text",
    )}, ${array(
      items.map((item) => ({ ...item, recipientWaId: undefined, recipientUserId: undefined, contact: undefined })),
      "jsonb",
    )}) as p(hash, status, item)
    on conflict do nothing`);
}
