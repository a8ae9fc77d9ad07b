import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { markSession, personOf, withCode } from "../factor/store";
import type { Code } from "../second-factor";

/**
 * A code in the middle of the work: for ten minutes this session may do what asks for a recent one.
 *
 * @throws AppError("factor_wrong"), AppError("too_many_attempts")
 */
export async function showFactor(ctx: Context, { code }: Code): Promise<void> {
  authorize(ctx, "own_factor.manage");
  const { userId, sessionId } = personOf(ctx);
  if (sessionId === null) throw new AppError("session_expired");
  await withCode(ctx, { userId, code, state: "confirmed" }, async (tx) => {
    await markSession(tx, sessionId);
    await audit(tx, "factor.shown", {}, userId);
  });
}
