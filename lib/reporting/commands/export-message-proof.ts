import * as z from "zod";
import { isUuid, parsePublicId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { buildBundle } from "@/lib/ledger/bundle";
import { evidenceRequests } from "../message-evidence";
import { readMessageEvidence } from "../queries/read-message-evidence";
import { readVerifierKeys } from "../store";

export const ExportMessageProofInput = z.object({
  messageId: z.string().transform((text, context) => {
    const id = isUuid(text) ? text : parsePublicId("msg", text);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: "not an id (msg_…)" });
    return z.NEVER;
  }),
  reason: z.string().trim().min(1).max(500),
});

/** `not_covered`: the newest entries wait for their signature, which takes less than a minute. */
export type ExportedProof = { kind: "bundle"; fileName: string; text: string } | { kind: "not_covered" };

/**
 * The evidence of one message as a file that anybody can check without us (`npm run verify -- FILE`): the attempt and its
 * outcomes, every consent event of the person, the purpose's rules, the approval. It opens personal data, so taking it is
 * an event of its own, with a name and a reason.
 */
export async function exportMessageProof(
  ctx: Context,
  { messageId, reason }: z.output<typeof ExportMessageProofInput>,
): Promise<ExportedProof> {
  authorize(ctx, "proof.read");
  return transaction(ctx, async (tx) => {
    const { evidence } = await readMessageEvidence(tx, messageId);
    const built = await buildBundle(tx.db, evidenceRequests(evidence), {
      keystore: tx.keys,
      installationKey: installationKey(tx.secrets.keyEncryptionKey),
      verifierKeys: await readVerifierKeys(tx.db),
    });
    if (built.kind === "not_covered") return { kind: "not_covered" };
    await audit(tx, "proof.exported", { message: messageId, reason }, messageId);
    return { kind: "bundle", fileName: `proof-${messageId}.json`, text: `${JSON.stringify(built.bundle, null, 2)}\n` };
  });
}
