import { createHash } from "node:crypto";
import * as z from "zod";
import { wordingVersions } from "@/db/schema/consent";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

export const PublishWordingVersion = z.object({
  purposeId: z.uuid(),
  /** What files and forms call it: `v3`, `2026-05`. */
  label: z.string().trim().min(1).max(60),
  language: z.string().min(2).max(35),
  text: z.string().trim().min(1).max(10_000),
  controller: z.string().trim().min(1).max(1_000),
  privacyNoticeUrl: z.url({ protocol: /^https?$/ }),
});
export type PublishWordingVersion = z.infer<typeof PublishWordingVersion>;

/** Keeps a text exactly as people see it, for ever: consents name it as what they agreed to. */
export async function publishWordingVersion(
  ctx: Context,
  input: PublishWordingVersion,
): Promise<{ wordingVersionId: string }> {
  authorize(ctx, "policy.approve");
  const wording = PublishWordingVersion.parse(input);
  const textSha256 = createHash("sha256").update(wording.text).digest();
  return transaction(ctx, async (tx) => {
    const wordingVersionId = newId();
    await tx.db.insert(wordingVersions).values({ id: wordingVersionId, ...wording, textSha256, createdAt: tx.now() });
    const data = { id: wordingVersionId, ...wording, textSha256: textSha256.toString("hex") };
    await audit(tx, "wording.published", data, wordingVersionId);
    return { wordingVersionId };
  });
}
