import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { type LogVerification, verifyLog } from "@/lib/ledger/verify-log";
import { readVerifierKeys } from "../store";

export interface LedgerVerification extends Omit<LogVerification, "root"> {
  rootHex: string;
  isIntact: boolean;
  /** The log's public key, to be compared with one that was received on another way; empty until the worker has started. */
  verifierKeys: string[];
  /** Business time. */
  at: Date;
}

/**
 * Recomputes the whole log now: every leaf, batch, tile, root, signature and readable payload. Takes seconds for a hundred
 * thousand entries; reads one snapshot, so what is written meanwhile does not disturb it.
 */
export async function verifyLedger(ctx: Context): Promise<LedgerVerification> {
  authorize(ctx, "proof.read");
  const verifierKeys = await readVerifierKeys(ctx.db);
  const { root, ...found } = await verifyLog(ctx.db, verifierKeys, {
    keystore: ctx.keys,
    installationKey: installationKey(ctx.secrets.keyEncryptionKey),
  });
  return { ...found, rootHex: root.toString("hex"), isIntact: found.problemCount === 0, verifierKeys, at: ctx.now() };
}
