import { lookup } from "@/lib/keystore/cipher";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { type Rate, takeToken } from "../store";

export interface Visit extends Rate {
  /** What is asked for: `form`, `preferences`. Each has buckets of its own. */
  what: string;
  /** Of the client; all clients without one share a bucket. Kept as a keyed hash only. */
  address: string | null;
}

/**
 * Lets somebody without a sign-in come in, or refuses for a while: one token bucket per thing and address, in real time.
 *
 * @throws AppError too_many_requests with `retryAfterSeconds`
 */
export async function admitVisitor(ctx: Context, { what, address, burst, perHour }: Visit): Promise<void> {
  authorize(ctx, "visitor.admit");
  await takeToken(ctx, lookup(ctx.secrets.lookupKey, `visitor ${what}`, address ?? ""), { burst, perHour });
}
