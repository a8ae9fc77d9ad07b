import { sql } from "drizzle-orm";
import * as z from "zod";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { recordDeliveryStatuses } from "@/lib/sending/commands/record-delivery-statuses";
import { placeStatuses } from "@/lib/sending/queries/place-statuses";
import { toStatus } from "./apply-statuses";

const BATCH = 500;
/** Meta repeats a webhook for up to a week; a status that has no message by then was never one of ours. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** As `apply-statuses` parked it: JSON, so the instant comes back as text. */
const parkedItem = z.object({
  wamid: z.string(),
  status: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  pricing: z.object({ category: z.string().optional(), type: z.string().optional() }).optional(),
  errors: z.array(z.object({ code: z.number(), title: z.string() })),
});
type ParkedItem = z.infer<typeof parkedItem>;

interface ParkedRow extends Record<string, unknown> {
  lane: number;
  wamid_hash: Buffer;
  status: string;
  item: unknown;
}

/** Brings parked statuses to their messages as soon as the wamid is known. Returns how many. */
export async function applyParkedStatuses(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  await ctx.db.execute(sql`
    delete from parked_statuses where parked_at < ${new Date(ctx.now().getTime() - KEPT_MS)}::timestamptz`);
  return transaction(ctx, async (tx) => {
    const parked = await tx.db.execute<ParkedRow>(sql`
      select p.lane, p.wamid_hash, p.status, p.item from parked_statuses p
      join wamids w on w.lane = p.lane and w.wamid_hash = p.wamid_hash
      limit ${BATCH}::int`);
    if (parked.length === 0) return 0;
    await apply(
      tx,
      parked.flatMap(({ item }) => parkedItem.safeParse(item).data ?? []), // what is in no time that we know goes unread
    );
    await forget(tx, parked);
    return parked.length;
  });
}

async function apply(tx: Context, items: readonly ParkedItem[]): Promise<void> {
  const places = await placeStatuses(tx, items);
  const byLane = new Map<number, ReturnType<typeof toStatus>[]>();
  for (const [index, item] of items.entries()) {
    const place = places[index];
    if (place) byLane.set(place.lane, [...(byLane.get(place.lane) ?? []), toStatus(item, place.messageId)]);
  }
  for (const [lane, statuses] of [...byLane].sort(([a], [b]) => a - b))
    await recordDeliveryStatuses(tx, lane, statuses);
}

async function forget(tx: Context, parked: readonly ParkedRow[]): Promise<void> {
  await tx.db.execute(sql`
    delete from parked_statuses p using unnest(${array(
      parked.map((row) => row.lane),
      "smallint",
    )}, ${array(
      parked.map((row) => row.wamid_hash),
      "bytea",
    )}, ${array(
      parked.map((row) => row.status),
      "text",
    )}) as d(lane, wamid_hash, status)
    where p.lane = d.lane and p.wamid_hash = d.wamid_hash and p.status = d.status`);
}
