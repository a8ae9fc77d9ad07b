import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** A lease may reach this far ahead of real time, so that what is claimed under it can begin inside the claim's two seconds. */
const HORIZON_MS = 500;

export interface TokenLease {
  /** 0 when the number's throughput is used up for the moment. */
  tokens: number;
  /** Milliseconds to wait before the first may be used. */
  waitMs: number;
}

/**
 * Leases up to `wanted` sends of a number, shared by all workers (compliance 3.1, "tokens before claims"): a leaky bucket
 * in one row that is touched once per block, outside the gate. Real time.
 */
export async function leaseTokens(ctx: Context, numberId: string, wanted: number): Promise<TokenLease> {
  authorize(ctx, "job.run");
  const [row] = await ctx.db.execute<{ wait_ms: number }>(sql`
    insert into number_tokens as t (number_id, available_at)
    select id, clock_timestamp() + make_interval(secs => ${wanted}::float8 / messages_per_second)
    from phone_numbers where id = ${numberId}::uuid
    on conflict (number_id) do update set available_at = greatest(t.available_at, clock_timestamp())
      + (excluded.available_at - clock_timestamp())
    where t.available_at < clock_timestamp() + make_interval(secs => ${HORIZON_MS}::float8 / 1000)
    returning greatest(0, 1000 * (extract(epoch from available_at - clock_timestamp())
      - ${wanted}::float8 / (select messages_per_second from phone_numbers where id = ${numberId}::uuid)))::float8 as wait_ms`);
  return row ? { tokens: wanted, waitMs: Math.ceil(row.wait_ms) } : { tokens: 0, waitMs: HORIZON_MS };
}

/** Gives back what a claim did not use. */
export async function returnTokens(ctx: Context, numberId: string, unused: number): Promise<void> {
  authorize(ctx, "job.run");
  if (unused <= 0) return;
  await ctx.db.execute(sql`
    update number_tokens t set available_at = t.available_at - make_interval(secs => ${unused}::float8 / p.messages_per_second)
    from phone_numbers p where p.id = t.number_id and t.number_id = ${numberId}::uuid`);
}
