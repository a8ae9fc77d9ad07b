import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import type { OutcomeRecord } from "../outcome";
import { recordOutcomes } from "./record-outcomes";

const BATCH = 500;

/**
 * Attempts that were under way in a worker that died: they may have been sent, so they become unknown and are never sent
 * again by themselves; a status webhook settles them (compliance 6, rules 3 and 4). Returns how many.
 */
export async function recoverAttempts(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  const lanes = await ctx.db.execute<{ lane: number }>(sql`
    select lane from generate_series(0, ${LANES - 1}) lane
    where exists (select 1 from messages m where m.lane = lane.lane and m.state = 'sending')`);
  let recovered = 0;
  for (const { lane } of lanes) recovered += await recoverLane(ctx, lane);
  return recovered;
}

async function recoverLane(ctx: Context, lane: number): Promise<number> {
  return transaction(ctx, async (tx) => {
    const orphans = await tx.db.execute<{ attempt_id: string; contact_id: string }>(sql`
      select attempt_id, contact_id from orphaned_attempts(${lane}::smallint, ${BATCH}::int)`);
    const outcomes = orphans.map(
      (orphan): OutcomeRecord => ({
        attemptId: orphan.attempt_id,
        contactId: orphan.contact_id,
        kind: "ambiguous",
        wamid: null,
        code: null,
        reason: "worker_died",
        retryAfterMs: null,
      }),
    );
    await recordOutcomes(tx, lane, outcomes);
    return outcomes.length;
  });
}
