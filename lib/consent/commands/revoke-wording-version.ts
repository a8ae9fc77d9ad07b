import { and, eq, isNull } from "drizzle-orm";
import * as z from "zod";
import { wordingVersions } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { countWordingUse } from "../queries/list-wordings-in-use";

export const RevokeWordingVersion = z.object({
  wordingVersionId: z.uuid(),
  reason: z.string().trim().min(1).max(500),
});

/**
 * From now on nobody is written to on the strength of this text: the gate refuses, and no form shows it. What was agreed stays
 * in the log as it was. It cannot be undone: publish another text and ask again.
 *
 * @returns how many people's consent rested on it
 * @throws AppError wording_revoked when it was revoked before
 */
export async function revokeWordingVersion(
  ctx: Context,
  { wordingVersionId, reason }: z.infer<typeof RevokeWordingVersion>,
): Promise<{ people: number }> {
  authorize(ctx, "policy.approve");
  return transaction(ctx, async (tx) => {
    const people = (await countWordingUse(tx)).get(wordingVersionId) ?? 0;
    const [revoked] = await tx.db
      .update(wordingVersions)
      .set({ revokedAt: tx.now(), revokedReason: reason })
      .where(and(eq(wordingVersions.id, wordingVersionId), isNull(wordingVersions.revokedAt)))
      .returning({ id: wordingVersions.id });
    if (!revoked) throw new AppError("wording_revoked");
    await audit(tx, "wording.revoked", { id: wordingVersionId, reason, people }, wordingVersionId);
    return { people };
  });
}
