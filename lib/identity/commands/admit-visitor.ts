import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { lookup } from "@/lib/keystore/cipher";
import { authorize } from "../authorize";
import type { Context } from "../context";

export interface Visit {
  /** What is asked for: `form`, `preferences`. Each has buckets of its own. */
  what: string;
  /** Of the client; all clients without one share a bucket. Kept as a keyed hash only. */
  address: string | null;
  /** So many at once, and so many an hour from then on. */
  burst: number;
  perHour: number;
}

/**
 * Lets somebody without a sign-in come in, or refuses for a while: one token bucket per thing and address, in real time.
 *
 * @throws AppError too_many_requests with `retryAfterSeconds`
 */
export async function admitVisitor(ctx: Context, { what, address, burst, perHour }: Visit): Promise<void> {
  authorize(ctx, "visitor.admit");
  const key = lookup(ctx.secrets.lookupKey, `visitor ${what}`, address ?? "");
  const perSecond = perHour / 3_600;
  const [taken] = await ctx.db.execute<{ is_new: boolean }>(sql`
    insert into rate_buckets as held (key, tokens, taken_at) values (${key}, ${burst - 1}::float8, now())
    on conflict (key) do update set taken_at = now(), tokens =
      least(${burst}::float8, held.tokens + extract(epoch from now() - held.taken_at) * ${perSecond}::float8) - 1
    where held.tokens + extract(epoch from now() - held.taken_at) * ${perSecond}::float8 >= 1
    returning xmax = 0 as is_new`);
  if (!taken) throw new AppError("too_many_requests", { retryAfterSeconds: Math.ceil(1 / perSecond) });
  // A bucket nobody took from for a day is full again, so it says nothing.
  if (taken.is_new) await ctx.db.execute(sql`delete from rate_buckets where taken_at < now() - interval '1 day'`);
}
