import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { logRefusals } from "./log-refusals";

/**
 * Ends what waits for people who refused since then (compliance 3.2): the gate would refuse it when it comes due, which may be
 * days from now. Logged like a refusal of the gate. Answers how many.
 */
export async function skipRefused(ctx: Context, since: Date): Promise<number> {
  authorize(ctx, "job.run");
  const lanes = await ctx.db.execute<{ lane: number }>(sql`
    select lane from generate_series(0, ${LANES - 1}) lane
    where exists (select 1 from consent_events e where e.lane = lane.lane and e.recorded_at >= ${since}::timestamptz
      and e.type in ('withdrawn', 'denied', 'invalidated'))`);
  let skipped = 0;
  for (const { lane } of lanes)
    skipped += await logRefusals(
      ctx,
      lane,
      (entryId) => sql`
        select *, 5 as check_number from skip_refused(${lane}::smallint, ${since}::timestamptz, ${entryId}::uuid)`,
    );
  return skipped;
}
