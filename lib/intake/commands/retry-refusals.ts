import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import type { WebhookItem } from "@/lib/whatsapp/webhooks";
import { oneOrEach } from "../one-or-each";
import type { DeadItem, Placed } from "../placed";
import { applyRefusals, refusalNotice } from "./receive-webhook";

/**
 * Refusals that could not be applied on arrival, again: what fails still is put aside with its reason, where it can be
 * replayed. Nearly always there are none, at the price of one look-up.
 */
export async function retryRefusals(ctx: Context, placed: readonly Placed[]): Promise<DeadItem[]> {
  authorize(ctx, "job.run");
  const mayRefuse = placed.filter(
    ({ item }) => item.kind === "message" || item.kind === "user_preference" || hasErrors(item),
  );
  if (mayRefuse.length === 0) return [];
  const dead: DeadItem[] = [];
  for (const inboxId of await failedOnArrival(ctx, mayRefuse)) {
    const own = mayRefuse.filter((one) => one.inboxId === inboxId);
    const failed = await oneOrEach(own, (some) =>
      transaction(ctx, (tx) =>
        applyRefusals(
          tx,
          some.map(({ item }) => item),
          inboxId,
        ),
      ),
    );
    if (failed.length === 0) await resolveNotice(ctx, refusalNotice(inboxId));
    dead.push(...failed);
  }
  return dead;
}

function hasErrors(item: WebhookItem): boolean {
  return item.kind === "status" && item.errors.length > 0;
}

async function failedOnArrival(ctx: Context, placed: readonly Placed[]): Promise<string[]> {
  const ids = new Map(placed.map(({ inboxId }) => [refusalNotice(inboxId), inboxId]));
  const rows = await ctx.db.execute<{ key: string }>(sql`
    select key from notices where resolved_at is null and key = any(${array([...ids.keys()], "text")})`);
  return rows.flatMap(({ key }) => ids.get(key) ?? []);
}
