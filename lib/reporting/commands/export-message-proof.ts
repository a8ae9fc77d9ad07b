import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isUuid, parsePublicId } from "@/lib/foundation/ids";
import { LOCALES } from "@/lib/i18n/locales";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { installationKey } from "@/lib/keystore/installation-key";
import type { ArchiveFile } from "@/lib/ledger/archive";
import { buildBundle } from "@/lib/ledger/bundle";
import { writeEvidence } from "@/lib/ledger/evidence-files";
import { utf8, verifyBundle } from "@/lib/ledger/verifier";
import { evidenceReport } from "../evidence-report";
import { evidenceRequests } from "../message-evidence";
import { readMessageEvidence } from "../queries/read-message-evidence";
import { readVerifierKeys } from "../store";
import { wordingsOf } from "../verify-evidence";

/** The one-file verifier, as `npm run verifier` made it; processes run in the project's folder. */
const VERIFIER = join("lib", "ledger", "verify.mjs");

export const ExportMessageProofInput = z.object({
  messageId: z.string().transform((text, context) => {
    const id = isUuid(text) ? text : parsePublicId("msg", text);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: "not an id (msg_…)" });
    return z.NEVER;
  }),
  reason: z.string().trim().min(1).max(500),
  /** Of the report inside. */
  language: z.enum(LOCALES),
});

/** `not_covered`: the newest entries wait for their signature, which takes less than a minute. */
export type ExportedProof = { kind: "bundle"; bytes: Uint8Array } | { kind: "not_covered" };

/**
 * The evidence of one message as an archive that anybody can check without us (`node verify.mjs FILE`, which is inside): the
 * attempt and its outcomes, every consent event of the person and the texts they saw, the purpose's rules, the approval. It
 * opens personal data, so taking it is an event of its own, with a name and a reason.
 */
export async function exportMessageProof(
  ctx: Context,
  { messageId, reason, language }: z.output<typeof ExportMessageProofInput>,
): Promise<ExportedProof> {
  authorize(ctx, "proof.read");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const { evidence } = await readMessageEvidence(tx, messageId);
    const built = await buildBundle(tx.db, evidenceRequests(evidence), {
      keystore: tx.keys,
      installationKey: installationKey(tx.secrets.keyEncryptionKey),
      verifierKeys: await readVerifierKeys(tx.db),
    });
    if (built.kind === "not_covered") return { kind: "not_covered" };
    const { bundle } = built;
    const { proved } = await verifyBundle(bundle); // what does not hold must not look proved in the report
    const attachments: ArchiveFile[] = [
      ...wordingsOf(proved).map(([id, text]) => ({ path: `wordings/${id}.txt`, bytes: utf8(text) })),
      ...evidenceReport({ bundle, proved }, language),
      { path: "verify.mjs", bytes: await readFile(VERIFIER) },
    ];
    await audit(tx, "proof.exported", { message: messageId, reason }, messageId);
    return { kind: "bundle", bytes: writeEvidence(bundle, attachments) };
  });
}
