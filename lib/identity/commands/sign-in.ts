import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { actingAs, type Context, transaction } from "../context";
import { hasFactor } from "../factor/store";
import { verifyPassword } from "../passwords";
import { getInstallation } from "../queries/get-installation";
import { type SignInStep, stepOf } from "../second-factor";
import {
  countAttempt,
  findUserByEmail,
  forgetAttempts,
  type Guess,
  openSession,
  takeBackAttempt,
  type User,
} from "../store";
import type { SignIn } from "../team";
import { hashToken } from "../tokens";

/** Where the attempt comes from; the address is only kept as a keyed hash. */
export interface Origin {
  address: string | null;
  userAgent: string | null;
}

/**
 * Opens a session for whoever knows the password and returns the secret its cookie carries. While `step` is not `in`, that
 * session opens nothing yet: `completeSignIn` and `confirmFactor` make it a whole one.
 *
 * The attempt is counted before the password is looked at. An unknown address takes the same steps as a wrong password.
 *
 * @throws AppError("too_many_attempts", { retryAfterSeconds }) or AppError("invalid_credentials"), which does not say
 * whether the account exists
 */
export async function signIn(
  ctx: Context,
  { email, password }: SignIn,
  origin: Origin,
): Promise<{ sid: string; step: SignInStep }> {
  authorize(ctx, "session.open");
  const account: Guess = { kind: "account", value: email };
  const address: Guess | undefined = origin.address ? { kind: "address", value: origin.address } : undefined;
  await countAttempt(ctx, account);
  if (address) await countAttempt(ctx, address);

  const user = await findUserByEmail(ctx, email);
  const mayEnter = user !== undefined && user.disabledAt === null;
  const matches = await verifyPassword((mayEnter ? user.passwordHash : null) ?? undefined, password);
  if (!matches || !mayEnter) {
    log.warn("session.refused", user ? { userId: user.id } : {});
    throw new AppError("invalid_credentials");
  }
  return transaction(ctx, async (tx) => {
    await forgetAttempts(tx, account);
    if (address) await takeBackAttempt(tx, address);
    const { mode } = await getInstallation(tx);
    const step = stepOf({ mode, roles: user.roles, hasFactor: await hasFactor(tx, user.id), mfaAt: null });
    return { sid: await openSessionOf(tx, user, { origin, step }), step };
  });
}

async function openSessionOf(
  tx: Context,
  user: User,
  { origin, step }: { origin: Origin; step: SignInStep },
): Promise<string> {
  const sid = await openSession(tx, user.id, { userAgent: origin.userAgent, mfaAt: null });
  const sessionId = hashToken(sid).toString("hex");
  const person = actingAs(tx, { kind: "user", userId: user.id, roles: user.roles, sessionId });
  await audit(person, "session.opened", step === "in" ? {} : { step }, user.id);
  return sid;
}
