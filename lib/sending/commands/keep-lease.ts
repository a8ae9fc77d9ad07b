import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** A worker that is silent for so long counts as dead; longer than the longest HTTP time-out (compliance 6, rule 4). */
export const LEASE_MS = 30_000;

/** Says that this worker lives. Real time. */
export async function keepLease(ctx: Context, workerId: string, leaseMs = LEASE_MS): Promise<void> {
  authorize(ctx, "job.run");
  await ctx.db.execute(sql`
    insert into worker_leases (worker_id, started_at, expires_at)
    values (${workerId}::uuid, clock_timestamp(), clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8))
    on conflict (worker_id) do update set expires_at = excluded.expires_at`);
}

/** The worker has finished all that it had begun and goes. Leases long dead are cleared with it. */
export async function endLease(ctx: Context, workerId: string): Promise<void> {
  authorize(ctx, "job.run");
  await ctx.db.execute(sql`
    delete from worker_leases where worker_id = ${workerId}::uuid or expires_at < clock_timestamp() - interval '1 day'`);
}
