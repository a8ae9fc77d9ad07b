import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { heldLookups } from "@/lib/audience/person";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { recordDeliveryStatuses } from "@/lib/sending/commands/record-delivery-statuses";
import { wamidHash } from "@/lib/sending/commands/record-outcomes";
import { placeStatuses, type StatusPlace } from "@/lib/sending/queries/place-statuses";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";
import { oneOrEach } from "../one-or-each";
import { recipientOf } from "../people-named";
import type { DeadItem, Placed } from "../placed";
import { learnRecipients } from "./learn-recipients";

export type StatusItem = ItemOf<"status">;

export interface AppliedStatuses {
  dead: DeadItem[];
  /** Those that are kept, with their body, at the message of whom they name: that body is found there. */
  kept: ReadonlySet<Placed>;
}

/** Lanes worked on at once: each is a transaction of its own. */
const LANES_AT_ONCE = 2;

/**
 * Brings statuses to their messages: by our own callback data, else by wamid. One that knows neither yet is parked until
 * its wamid appears: a webhook may well beat our own record of the send (cloud-api 8).
 */
export async function applyStatuses(ctx: Context, placed: readonly Placed<StatusItem>[]): Promise<AppliedStatuses> {
  authorize(ctx, "job.run");
  if (placed.length === 0) return { dead: [], kept: new Set() };
  const places = await placesOf(ctx, placed);
  const strangers = placed.filter((one) => !places.has(one));
  const dead = await oneOrEach(strangers, (some) =>
    park(
      ctx,
      some.map(({ item }) => item),
    ),
  );
  const kept = new Set<Placed>();
  const waiting = [...byLane(places)];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [lane, statuses] = next;
      dead.push(...(await oneOrEach(statuses, (some) => record(ctx, { lane, some, places, kept }))));
    }
  };
  await Promise.all(Array.from({ length: LANES_AT_ONCE }, work));
  const unknown = [...places].flatMap(([one, place]) => (place.isRecipientKnown ? [] : [{ ...one, place }]));
  dead.push(...(await oneOrEach(unknown, (some) => learnRecipients(ctx, some))));
  return { dead, kept };
}

type Places = ReadonlyMap<Placed<StatusItem>, StatusPlace>;

async function placesOf(ctx: Context, placed: readonly Placed<StatusItem>[]): Promise<Places> {
  const found = await placeStatuses(
    ctx,
    placed.map(({ item }) => {
      const recipient = recipientOf(item);
      const { wamid, callbackData } = item;
      return { wamid, callbackData, recipient: recipient && heldLookups(ctx.secrets.lookupKey, recipient) };
    }),
  );
  return new Map(
    placed.flatMap((one, index) => {
      const place = found[index];
      return place ? [[one, place] as const] : [];
    }),
  );
}

function byLane(places: Places): Map<number, Placed<StatusItem>[]> {
  const lanes = new Map<number, Placed<StatusItem>[]>();
  for (const [one, { lane }] of places) {
    const some = lanes.get(lane);
    if (some) some.push(one);
    else lanes.set(lane, [one]);
  }
  return lanes;
}

interface LaneOfStatuses {
  lane: number;
  some: readonly Placed<StatusItem>[];
  places: Places;
  kept: Set<Placed>;
}

async function record(ctx: Context, { lane, some, places, kept }: LaneOfStatuses): Promise<void> {
  const statuses = some.flatMap((one) => {
    const place = places.get(one);
    return place ? [{ ...toStatus(one.item, place.messageId), body: one }] : [];
  });
  const saidBefore = new Set(await recordDeliveryStatuses(ctx, lane, statuses));
  for (const [position, one] of some.entries())
    if (places.get(one)?.isRecipientKnown && !saidBefore.has(position)) kept.add(one);
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
