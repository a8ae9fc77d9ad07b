import { createHmac } from "node:crypto";
import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { type Context, transaction } from "./context";
import { countedFailures, FREE_FAILURES, waitMs } from "./sign-in-delay";
import { failuresForUpdate, forgetFailures, setFailures } from "./store";

/** What is guessed at: the password of an account, from an address, or the code of a person. */
export interface Guess {
  kind: keyof typeof FREE_FAILURES;
  value: string;
}

/**
 * Counts one attempt before its answer is looked at, in a transaction of its own: a hundred at once get no more guesses
 * than a hundred in a row. Throws AppError("too_many_attempts", { retryAfterSeconds }) when earlier failures still ask for
 * patience.
 */
export async function countAttempt(ctx: Context, guess: Guess): Promise<void> {
  const wait = await transaction(ctx, async (tx) => {
    const key = failureKey(tx, guess);
    const { at, ...failures } = await failuresForUpdate(tx, key);
    const ms = waitMs(failures, FREE_FAILURES[guess.kind], at);
    if (ms === 0) await setFailures(tx, key, countedFailures(failures, at) + 1, at);
    return ms;
  });
  if (wait === 0) return;
  log.warn("session.delayed", { waitMs: wait });
  throw new AppError("too_many_attempts", { retryAfterSeconds: Math.ceil(wait / 1000) });
}

/** A success clears the slate. */
export async function forgetAttempts(tx: Context, guess: Guess): Promise<void> {
  await forgetFailures(tx, failureKey(tx, guess));
}

/** Many people sign in from one office: a success takes back its own attempt and leaves the failures of others. */
export async function takeBackAttempt(tx: Context, guess: Guess): Promise<void> {
  const key = failureKey(tx, guess);
  const { count, lastAt } = await failuresForUpdate(tx, key);
  await setFailures(tx, key, Math.max(0, count - 1), lastAt);
}

function failureKey(ctx: Context, { kind, value }: Guess): Buffer {
  return createHmac("sha256", ctx.secrets.lookupKey).update(`sign-in\0${kind}\0${value.toLowerCase()}`).digest();
}
