import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { type LogVerification, verifyLog } from "@/lib/ledger/verify-log";
import { readVerifierKeys } from "../store";

export interface LogCheck extends Omit<LogVerification, "root"> {
  rootHex: string;
  /** Business time. */
  at: Date;
}

/**
 * Recomputes the log from its rows, now: every leaf, batch, tile, payload, root and signature. Grows with the log, so a
 * person asks for it; it changes nothing.
 */
export async function verifyWholeLog(ctx: Context): Promise<LogCheck> {
  authorize(ctx, "ledger.read");
  const { root, ...found } = await verifyLog(ctx.db, await readVerifierKeys(ctx.db), {
    keystore: ctx.keys,
    installationKey: installationKey(ctx.secrets.keyEncryptionKey),
  });
  return { ...found, rootHex: root.toString("hex"), at: ctx.now() };
}
