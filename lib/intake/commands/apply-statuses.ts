import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { recordDeliveryStatuses } from "@/lib/sending/commands/record-delivery-statuses";
import { wamidHash } from "@/lib/sending/commands/record-outcomes";
import { placeStatuses } from "@/lib/sending/queries/place-statuses";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";
import { oneOrEach } from "../one-or-each";
import type { DeadItem, Placed } from "../placed";
import { learnRecipients } from "./learn-recipients";

export type StatusItem = ItemOf<"status">;

type KnownStatus = Placed<StatusItem> & { messageId: string };

/** Lanes worked on at once: each is a transaction of its own. */
const LANES_AT_ONCE = 2;

/**
 * Brings statuses to their messages: by our own callback data, else by wamid. One that knows neither yet is parked until
 * its wamid appears: a webhook may well beat our own record of the send (cloud-api 8).
 */
export async function applyStatuses(ctx: Context, placed: readonly Placed<StatusItem>[]): Promise<DeadItem[]> {
  authorize(ctx, "job.run");
  if (placed.length === 0) return [];
  const places = await placeStatuses(
    ctx,
    placed.map(({ item }) => item),
  );
  const byLane = new Map<number, KnownStatus[]>();
  const strangers: Placed<StatusItem>[] = [];
  for (const [index, one] of placed.entries()) {
    const place = places[index];
    if (!place) {
      strangers.push(one);
      continue;
    }
    const known = { ...one, messageId: place.messageId };
    const lane = byLane.get(place.lane);
    if (lane) lane.push(known);
    else byLane.set(place.lane, [known]);
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
      const record = (some: readonly KnownStatus[]) =>
        recordDeliveryStatuses(
          ctx,
          lane,
          some.map(({ item, messageId }) => toStatus(item, messageId)),
        );
      dead.push(...(await oneOrEach(statuses, record)));
    }
  };
  await Promise.all(Array.from({ length: LANES_AT_ONCE }, work));
  const found = placed.flatMap((one, index) => {
    const place = places[index];
    return place ? [{ ...one, place }] : [];
  });
  dead.push(...(await oneOrEach(found, (some) => learnRecipients(ctx, some))));
  return dead;
}

/** A status item as the sending room takes it. */
export function toStatus(item: Pick<StatusItem, "wamid" | "status" | "at" | "pricing" | "errors">, messageId: string) {
  const [error] = item.errors;
  return {
    messageId,
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
    )}, ${array(items.map(withoutPerson), "jsonb")}) as p(hash, status, item)
    on conflict do nothing`);
}

/** A status waits without whom it is about: the message that it belongs to knows. */
function withoutPerson(item: StatusItem): Partial<StatusItem> {
  const {
    recipientWaId,
    recipientUserId,
    recipientParentUserId,
    participantWaId,
    participantUserId,
    contact,
    ...rest
  } = item;
  return rest;
}
