import { sql } from "drizzle-orm";
import { log, safeMessage } from "@/lib/foundation/log";
import type { Context } from "@/lib/identity/context";
import type { WebhookItem } from "@/lib/whatsapp/webhooks";

/** An item and where it stands, so that a broken one can be named and replayed. */
export interface Placed<Item extends WebhookItem = WebhookItem> {
  lane: number;
  inboxId: string;
  position: number;
  item: Item;
}

/** All at once where that works; else one by one, and what still fails is put aside. */
export async function inOneOrEach<P extends Placed>(
  ctx: Context,
  placed: readonly P[],
  apply: (placed: readonly P[]) => Promise<void>,
): Promise<void> {
  if (placed.length === 0) return;
  try {
    await apply(placed);
  } catch (error) {
    const [only] = placed;
    if (placed.length === 1 && only) return putAside(ctx, only, error);
    for (const one of placed) await inOneOrEach(ctx, [one], apply);
  }
}

async function putAside(ctx: Context, { lane, inboxId, position, item }: Placed, error: unknown): Promise<void> {
  log.error("webhook.item_put_aside", { inboxId, position, kind: item.kind, error: safeMessage(error) });
  await ctx.db.execute(sql`
    insert into webhook_dead_items (lane, inbox_id, position, kind, error, at)
    values (${lane}::smallint, ${inboxId}::uuid, ${position}::int, ${item.kind}, ${safeMessage(error)}, ${ctx.now()}::timestamptz)
    on conflict (lane, inbox_id, position) do update set error = excluded.error, at = excluded.at`);
}
