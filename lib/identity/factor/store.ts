import { and, count, eq, isNotNull, isNull } from "drizzle-orm";
import { authSessions, recoveryCodes, secondFactors } from "@/db/schema/identity";
import { AppError } from "@/lib/foundation/errors";
import { lookup, open, seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import type { UserActor } from "../actor";
import { audit } from "../audit";
import { type Context, transaction } from "../context";
import { newRecoveryCodes } from "../second-factor";
import { countAttempt, forgetAttempts, realNow } from "../store";
import { matchingStep } from "../totp";

/** The person behind a context; a program or a process has no second factor. */
export function personOf(ctx: Context): UserActor {
  if (ctx.actor.kind !== "user") throw new AppError("forbidden", { permission: "own_factor.manage" });
  return ctx.actor;
}

/** True once the person has confirmed an app. */
export async function hasFactor(tx: Context, userId: string): Promise<boolean> {
  const [row] = await tx.db
    .select({ userId: secondFactors.userId })
    .from(secondFactors)
    .where(and(eq(secondFactors.userId, userId), isNotNull(secondFactors.confirmedAt)));
  return row !== undefined;
}

/** Keeps a new secret that its person has still to confirm; one that is already confirmed is not replaced. */
export async function storeSecret(tx: Context, userId: string, secret: Buffer): Promise<void> {
  const sealedSecret = seal(installationKey(tx.secrets.keyEncryptionKey), secret, aad(userId));
  const createdAt = await realNow(tx);
  const kept = await tx.db
    .insert(secondFactors)
    .values({ userId, sealedSecret, createdAt })
    .onConflictDoUpdate({
      target: secondFactors.userId,
      set: { sealedSecret, createdAt, lastStep: null },
      setWhere: isNull(secondFactors.confirmedAt),
    })
    .returning({ userId: secondFactors.userId });
  if (kept.length === 0) throw new AppError("conflict", { reason: "factor_exists" });
}

/**
 * Runs `work` in one transaction with the person's right code, which is used up by it. The attempt was counted before: five
 * wrong codes, and the next one waits.
 *
 * @throws AppError("factor_wrong"), AppError("too_many_attempts", { retryAfterSeconds })
 */
export async function withCode<T>(
  ctx: Context,
  { userId, code, state }: { userId: string; code: string; state: "confirmed" | "unconfirmed" },
  work: (tx: Context) => Promise<T>,
): Promise<T> {
  const guess = { kind: "factor", value: userId } as const;
  await countAttempt(ctx, guess);
  return transaction(ctx, async (tx) => {
    const isRight =
      (await takeAppCode(tx, { userId, code, state })) || (await takeRecoveryCode(tx, { userId, code, state }));
    if (!isRight) throw new AppError("factor_wrong");
    await forgetAttempts(tx, guess);
    return work(tx);
  });
}

interface Shown {
  userId: string;
  code: string;
  state: "confirmed" | "unconfirmed";
}

async function takeAppCode(tx: Context, { userId, code, state }: Shown): Promise<boolean> {
  const isConfirmed = state === "confirmed" ? isNotNull(secondFactors.confirmedAt) : isNull(secondFactors.confirmedAt);
  const [row] = await tx.db
    .select({ sealedSecret: secondFactors.sealedSecret, lastStep: secondFactors.lastStep })
    .from(secondFactors)
    .where(and(eq(secondFactors.userId, userId), isConfirmed))
    .for("update");
  if (!row) return false;
  const secret = open(installationKey(tx.secrets.keyEncryptionKey), row.sealedSecret, aad(userId));
  const step = matchingStep(secret, code, { at: await realNow(tx), lastStep: row.lastStep });
  if (step === undefined) return false;
  await tx.db.update(secondFactors).set({ lastStep: step }).where(eq(secondFactors.userId, userId));
  return true;
}

async function takeRecoveryCode(tx: Context, { userId, code, state }: Shown): Promise<boolean> {
  if (state === "unconfirmed") return false;
  const used = await tx.db
    .update(recoveryCodes)
    .set({ usedAt: await realNow(tx) })
    .where(
      and(
        eq(recoveryCodes.userId, userId),
        eq(recoveryCodes.codeHash, recoveryHash(tx, code)),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ userId: recoveryCodes.userId });
  if (used.length === 0) return false;
  await audit(tx, "factor.recovery_code_used", { left: await recoveryCodesLeft(tx, userId) }, userId);
  return true;
}

export async function recoveryCodesLeft(tx: Context, userId: string): Promise<number> {
  const [row] = await tx.db
    .select({ left: count() })
    .from(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)));
  return row?.left ?? 0;
}

/** Ten new codes in place of the old ones. They are shown once: only keyed hashes are kept. */
export async function replaceRecoveryCodes(tx: Context, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  const createdAt = await realNow(tx);
  await tx.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await tx.db
    .insert(recoveryCodes)
    .values(codes.map((code) => ({ userId, createdAt, codeHash: recoveryHash(tx, code.replaceAll("-", "")) })));
  return codes;
}

/** Takes app and recovery codes away. Returns false when there was nothing confirmed. */
export async function deleteFactor(tx: Context, userId: string): Promise<boolean> {
  await tx.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  const [gone] = await tx.db
    .delete(secondFactors)
    .where(eq(secondFactors.userId, userId))
    .returning({ confirmedAt: secondFactors.confirmedAt });
  return gone !== undefined && gone.confirmedAt !== null;
}

/** Notes that the person of this session has shown a code just now. */
export async function markSession(tx: Context, sessionId: string): Promise<void> {
  await tx.db
    .update(authSessions)
    .set({ mfaAt: await realNow(tx) })
    .where(eq(authSessions.sidHash, Buffer.from(sessionId, "hex")));
}

function recoveryHash(tx: Context, code: string): Buffer {
  return lookup(tx.secrets.lookupKey, "recovery code", code);
}

function aad(userId: string): string {
  return `second_factors|sealed_secret|${userId}`;
}
