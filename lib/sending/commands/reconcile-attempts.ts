import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { reconciledRecord } from "../outcome";
import { recordOutcomes } from "./record-outcomes";

/**
 * A status tells that what nobody knew of was taken after all: an outcome of its own, `reconciled`, beside the ambiguous one
 * (compliance 6, rule 3). `told` pairs messages of one lane with Meta's id, of which the unknown ones are settled. Call it
 * before the statuses are applied.
 */
export async function reconcileAttempts(ctx: Context, lane: number, told: ReadonlyMap<string, string>): Promise<void> {
  authorize(ctx, "job.run");
  const rows = await ctx.db.execute<{ message_id: string; attempt_id: string; contact_id: string }>(sql`
    select * from unknown_attempts(${lane}::smallint, ${array([...told.keys()], "uuid")})`);
  await recordOutcomes(
    ctx,
    lane,
    rows.map((row) =>
      reconciledRecord({ attemptId: row.attempt_id, contactId: row.contact_id }, told.get(row.message_id) ?? null),
    ),
  );
}
