import { lookup } from "@/lib/keystore/cipher";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { type Rate, takeToken } from "../store";

/** Ten requests a second over time, a minute's worth at once: more than a till needs, less than it takes to harm. */
const RATE: Rate = { burst: 600, perHour: 36_000 };

/**
 * Lets one more request of a program in, or refuses for a while: one bucket a key.
 *
 * @throws AppError too_many_requests with `retryAfterSeconds`
 */
export async function admitProgram(
  ctx: Context,
  { keyId, rate = RATE }: { keyId: string; rate?: Rate },
): Promise<void> {
  authorize(ctx, "actor.identify");
  await takeToken(ctx, lookup(ctx.secrets.lookupKey, "program", keyId), rate);
}
