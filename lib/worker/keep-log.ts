import { join } from "node:path";
import { eq } from "drizzle-orm";
import { installation } from "@/db/schema/installation";
import { log } from "@/lib/foundation/log";
import type { Secrets } from "@/lib/foundation/secrets";
import { audit } from "@/lib/identity/audit";
import { type Context, transaction } from "@/lib/identity/context";
import { listLogKeys, startLogKey } from "@/lib/ledger/keys";
import { noteSigner } from "@/lib/ledger/note";
import { logOrigin } from "@/lib/ledger/origin";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";

interface LogKeeping {
  secrets: Secrets;
  dataDir: string;
}

/** Says which key signs from now on; a change of keys is written into the log. */
export async function publishLogKey(ctx: Context, { logSigningKey, logSigningKeyBefore }: Secrets): Promise<void> {
  const origin = await logOrigin(ctx.db);
  await transaction(ctx, async (tx) => {
    // One that signed before it was written down here is one of the log's keys all the same.
    if (logSigningKeyBefore) await startLogKey(tx.db, noteSigner(origin, logSigningKeyBefore).verifierKey);
    const { verifierKey } = noteSigner(origin, logSigningKey);
    const before = await startLogKey(tx.db, verifierKey);
    await tx.db.update(installation).set({ logVerifierKey: verifierKey }).where(eq(installation.id, true));
    if (before) await audit(tx, "log_key.changed", { from: before, to: verifierKey });
  });
}

/** Signs what was sequenced. A log that contradicts what was signed is an alarm, and nothing more is signed. */
export async function keepCheckpoint(ctx: Context, { secrets, dataDir }: LogKeeping): Promise<void> {
  const stateFile = join(dataDir, "log", "last-checkpoint.txt");
  const before = await keyBefore(ctx, secrets);

  const outcome = await signCheckpoint(ctx.db, {
    keys: [secrets.logSigningKey, ...(before ? [before] : [])],
    stateFile,
  });
  if (outcome.kind !== "conflict") return resolveNotice(ctx, "log_conflict");
  log.error("ledger.conflict", { signedSize: outcome.signed.size, size: outcome.size });
  await raiseNotice(ctx, { kind: "log_conflict", key: "log_conflict" });
}

/** The former key, while it still signs beside the new one. */
async function keyBefore(ctx: Context, { logSigningKeyBefore }: Secrets): Promise<string | undefined> {
  if (!logSigningKeyBefore) return undefined;
  const { verifierKey } = noteSigner(await logOrigin(ctx.db), logSigningKeyBefore);
  const key = (await listLogKeys(ctx.db)).find((one) => one.verifierKey === verifierKey);
  return key?.endsAt && key.endsAt > new Date() ? logSigningKeyBefore : undefined;
}
