import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { rateShare } from "./lease-tokens";

/** Closes what people were told of numbers that were slowed down or had to wait, once they send as before. */
export async function tellRecovered(ctx: Context): Promise<void> {
  authorize(ctx, "job.run");
  const over = await ctx.db.execute<{ key: string }>(sql`
    select n.key from notices n join number_tokens t on t.number_id = n.subject_id
    where n.resolved_at is null and ((n.kind = 'number_slowed' and ${rateShare} >= 1)
      or (n.kind = 'number_waits' and (t.hold_until is null or t.hold_until <= clock_timestamp())))`);
  for (const { key } of over) await resolveNotice(ctx, key);
}
