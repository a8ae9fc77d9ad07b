import { createHmac } from "node:crypto";
import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { actingAs, type Context, transaction } from "../context";
import { verifyPassword } from "../passwords";
import { countedFailures, FREE_FAILURES, waitMs } from "../sign-in-delay";
import { failuresForUpdate, findUserByEmail, forgetFailures, openSession, setFailures, type User } from "../store";
import type { SignIn } from "../team";
import { hashToken } from "../tokens";

/** Where the attempt comes from; the address is only kept as a keyed hash. */
export interface Origin {
  address: string | null;
  userAgent: string | null;
}

/**
 * Opens a session for whoever knows the password and returns the secret its cookie carries.
 *
 * The attempt is counted before the password is looked at, in a transaction of its own: a hundred attempts at once get
 * no more guesses than a hundred in a row. An unknown address takes the same steps as a wrong password.
 *
 * @throws AppError("too_many_attempts", { retryAfterSeconds }) or AppError("invalid_credentials"), which does not say
 * whether the account exists
 */
export async function signIn(ctx: Context, { email, password }: SignIn, origin: Origin): Promise<{ sid: string }> {
  authorize(ctx, "session.open");
  const account = failureKey(ctx, "account", email);
  await countAttempt(ctx, account, FREE_FAILURES.account);
  if (origin.address) await countAttempt(ctx, failureKey(ctx, "address", origin.address), FREE_FAILURES.address);

  const user = await findUserByEmail(ctx, email);
  const mayEnter = user !== undefined && user.disabledAt === null;
  const matches = await verifyPassword((mayEnter ? user.passwordHash : null) ?? undefined, password);
  if (!matches || !mayEnter) {
    log.warn("session.refused", user ? { userId: user.id } : {});
    throw new AppError("invalid_credentials");
  }
  return transaction(ctx, async (tx) => {
    await forgetFailures(tx, account);
    if (origin.address) await takeBackAttempt(tx, failureKey(ctx, "address", origin.address));
    return { sid: await openSessionOf(tx, user, origin) };
  });
}

async function openSessionOf(tx: Context, user: User, origin: Origin): Promise<string> {
  const sid = await openSession(tx, user.id, origin.userAgent);
  const sessionId = hashToken(sid).toString("hex");
  const person = actingAs(tx, { kind: "user", userId: user.id, roles: user.roles, sessionId });
  await audit(person, "session.opened", {}, user.id);
  return sid;
}

/** Counts one attempt, or refuses it when earlier failures still ask for patience. */
async function countAttempt(ctx: Context, key: Buffer, free: number): Promise<void> {
  const wait = await transaction(ctx, async (tx) => {
    const { at, ...failures } = await failuresForUpdate(tx, key);
    const ms = waitMs(failures, free, at);
    if (ms === 0) await setFailures(tx, key, countedFailures(failures, at) + 1, at);
    return ms;
  });
  if (wait === 0) return;
  log.warn("session.delayed", { waitMs: wait });
  throw new AppError("too_many_attempts", { retryAfterSeconds: Math.ceil(wait / 1000) });
}

/** Many people sign in from one office: a success takes back its own attempt and leaves the failures of others. */
async function takeBackAttempt(tx: Context, key: Buffer): Promise<void> {
  const { count, lastAt } = await failuresForUpdate(tx, key);
  await setFailures(tx, key, Math.max(0, count - 1), lastAt);
}

function failureKey(ctx: Context, kind: "account" | "address", value: string): Buffer {
  return createHmac("sha256", ctx.secrets.lookupKey).update(`sign-in\0${kind}\0${value.toLowerCase()}`).digest();
}
