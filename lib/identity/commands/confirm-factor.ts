import { eq } from "drizzle-orm";
import { secondFactors } from "@/db/schema/identity";
import { audit } from "../audit";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { personOf, replaceRecoveryCodes, withCode } from "../factor/store";
import type { Code } from "../second-factor";
import { openSession, realNow, revokeSessions } from "../store";

/**
 * The first code of a new app: from now on it is asked for at each sign-in. Every session of the person ends, and a new one
 * opens whose secret is returned; the recovery codes are shown once.
 *
 * @throws AppError("factor_wrong"), AppError("too_many_attempts")
 */
export async function confirmFactor(
  ctx: Context,
  { code }: Code,
  userAgent: string | null,
): Promise<{ sid: string; recoveryCodes: string[] }> {
  authorize(ctx, "own_factor.manage");
  const { userId } = personOf(ctx);
  return withCode(ctx, { userId, code, state: "unconfirmed" }, async (tx) => {
    const at = await realNow(tx);
    await tx.db.update(secondFactors).set({ confirmedAt: at }).where(eq(secondFactors.userId, userId));
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    await revokeSessions(tx, userId);
    const sid = await openSession(tx, userId, { userAgent, mfaAt: at });
    await audit(tx, "factor.confirmed", {}, userId);
    return { sid, recoveryCodes };
  });
}
