import type { UserActor } from "../actor";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { type SignInStep, STEP_LIFE_MS } from "../second-factor";
import { readSession } from "../store";

/**
 * Who has given the password and not yet what comes after it; undefined for everybody else, and half an hour later. The
 * actor is for the commands of that step alone.
 */
export async function findSignInStep(
  ctx: Context,
  { sid }: { sid: string },
): Promise<{ actor: UserActor; email: string; step: Exclude<SignInStep, "in"> } | undefined> {
  authorize(ctx, "actor.identify");
  const found = await readSession(ctx, sid);
  if (!found || found.step === "in") return undefined;
  if (found.at.getTime() - found.row.createdAt.getTime() >= STEP_LIFE_MS) return undefined;
  return { actor: found.actor, email: found.row.email, step: found.step };
}
