import { createHash } from "node:crypto";
import * as z from "zod";
import { wordingVersions } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { WordingNotice } from "../wording";

export const PublishWordingVersion = z.object({
  purposeId: z.uuid(),
  /** What files and forms call it: `v3`, `2026-05`. */
  label: z.string().trim().min(1).max(60),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .max(35),
  text: z.string().trim().min(1).max(10_000),
  controller: z.string().trim().min(1).max(1_000),
  privacyNoticeUrl: z.url({ protocol: /^https?$/ }),
  notice: WordingNotice.prefault({}),
});
export type PublishWordingVersion = z.input<typeof PublishWordingVersion>;

/**
 * Keeps a text exactly as people see it, for ever: consents name it as what they agreed to.
 *
 * @throws AppError conflict when the purpose has that label in that language already
 */
export async function publishWordingVersion(
  ctx: Context,
  input: PublishWordingVersion,
): Promise<{ wordingVersionId: string }> {
  authorize(ctx, "policy.approve");
  const wording = PublishWordingVersion.parse(input);
  const textSha256 = createHash("sha256").update(wording.text).digest();
  return transaction(ctx, async (tx) => {
    const wordingVersionId = newId();
    const [made] = await tx.db
      .insert(wordingVersions)
      .values({ id: wordingVersionId, ...wording, textSha256, createdAt: tx.now() })
      .onConflictDoNothing()
      .returning({ id: wordingVersions.id });
    if (!made) throw new AppError("conflict", { field: "label", reason: "taken" });
    const data = { id: wordingVersionId, ...wording, textSha256: textSha256.toString("hex") };
    await audit(tx, "wording.published", data, wordingVersionId);
    return { wordingVersionId };
  });
}
