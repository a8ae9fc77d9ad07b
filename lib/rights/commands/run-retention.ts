import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { dayKeyId } from "@/lib/intake/day-key";
import { retentionClasses } from "../retention";

/** Batches of 10,000 rows a class and night: what is more waits for the next. */
const MOST_BATCHES = 500;
const DAY_MS = 86_400_000;
/** Days of webhook keys that are looked back for, beyond the term. */
const KEY_DAYS = 60;

/**
 * Removes what is older than its term, batch by batch, each a transaction with its own entry in the log. Leaves of the log stay.
 * Answers how many rows went, by class.
 */
export async function runRetention(
  ctx: Context,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Record<string, number>> {
  authorize(ctx, "rights.erase");
  const removed: Record<string, number> = {};
  for (const what of retentionClasses) {
    for (let batch = 0; batch < MOST_BATCHES && !signal?.aborted; batch++) {
      const count = await removeBatch(ctx, what);
      if (count === 0) break;
      removed[what] = (removed[what] ?? 0) + count;
    }
  }
  await destroyDayKeys(ctx);
  return removed;
}

async function removeBatch(ctx: Context, what: string): Promise<number> {
  return transaction(ctx, async (tx) => {
    const id = newId();
    const [row] = await tx.db.execute<{ count: number; before: string }>(sql`
      select retention(${what}, true, ${id}::uuid) as count, before from retention_terms() where what = ${what}`);
    if (!row || row.count === 0) return 0;
    await audit(tx, "retention.removed", { what, count: row.count, before: new Date(row.before).toISOString() }, id);
    return row.count;
  });
}

/** Without its day's key a copy of a webhook body in a backup stays closed, too. */
async function destroyDayKeys(ctx: Context): Promise<void> {
  const [row] = await ctx.db.execute<{ before: string; waiting: string | null }>(sql`
    select before, (select min(received_at) from webhook_inbox where raw_sealed is not null) as waiting
    from retention_terms() where what = 'webhook_bodies'`);
  if (!row) return;
  const end = Math.min(...[row.before, row.waiting].flatMap((text) => (text === null ? [] : [Date.parse(text)])));
  const days = Array.from({ length: KEY_DAYS }, (_, day) => dayKeyId(new Date(end - (day + 1) * DAY_MS)));
  const held = await ctx.keys.keysOf(days);
  if (held.size > 0) await ctx.keys.destroy([...held.keys()]);
}
