import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { actingAs, type Context } from "../context";
import { withCode } from "../factor/store";
import { findSignInStep } from "../queries/find-sign-in-step";
import type { Code } from "../second-factor";
import { openSession, realNow } from "../store";
import { hashToken } from "../tokens";
import type { Origin } from "./sign-in";
import { signOut } from "./sign-out";

/**
 * The second step of a sign-in: the code of the app, or a recovery code. The session of the first step ends and a whole one
 * begins, whose secret is returned.
 *
 * @throws AppError("session_expired") when the password was too long ago, AppError("factor_wrong"),
 * AppError("too_many_attempts")
 */
export async function completeSignIn(
  ctx: Context,
  { sid: firstSid, code }: Code & { sid: string },
  origin: Origin,
): Promise<{ sid: string }> {
  authorize(ctx, "session.open");
  const found = await findSignInStep(ctx, { sid: firstSid });
  if (found?.step !== "code") throw new AppError("session_expired");
  const { userId } = found.actor;
  return withCode(actingAs(ctx, found.actor), { userId, code, state: "confirmed" }, async (tx) => {
    const sid = await openSession(tx, userId, { userAgent: origin.userAgent, mfaAt: await realNow(tx) });
    const sessionId = hashToken(sid).toString("hex");
    await audit(actingAs(tx, { ...found.actor, sessionId }), "session.opened", { step: "in" }, userId);
    await signOut(actingAs(tx, ctx.actor), { sid: firstSid });
    return { sid };
  });
}
