import { eq } from "drizzle-orm";
import * as z from "zod";
import { optInKeywords, purposes, wordingVersions } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { mayBeKeyword } from "../opt-in-form";
import { normalise } from "../opt-out-detector";

export const CreateKeyword = z.object({
  /** The text that stands beside the word wherever it is advertised; its purpose is what people agree to. */
  wordingVersionId: z.uuid(),
  keyword: z.string().trim().min(1).max(60),
});
export type CreateKeyword = z.input<typeof CreateKeyword>;

/**
 * A word that people write to a brand's number to agree: JOIN, ALTA.
 *
 * @throws AppError keyword_unusable for a word that refuses or is in use, wording_revoked
 */
export async function createKeyword(ctx: Context, input: CreateKeyword): Promise<{ keywordId: string }> {
  authorize(ctx, "form.edit");
  const { wordingVersionId, keyword: written } = CreateKeyword.parse(input);
  const keyword = normalise(written);
  if (!mayBeKeyword(keyword)) throw unusable();
  return transaction(ctx, async (tx) => {
    const [wording] = await tx.db
      .select({ purposeId: purposes.id, brandId: purposes.brandId, revokedAt: wordingVersions.revokedAt })
      .from(wordingVersions)
      .innerJoin(purposes, eq(purposes.id, wordingVersions.purposeId))
      .where(eq(wordingVersions.id, wordingVersionId));
    if (!wording) throw new AppError("not_found", { what: "wording" });
    const { purposeId, brandId, revokedAt } = wording;
    if (revokedAt) throw new AppError("wording_revoked");
    const keywordId = newId();
    const [made] = await tx.db
      .insert(optInKeywords)
      .values({ id: keywordId, brandId, purposeId, wordingVersionId, keyword, createdAt: tx.now() })
      .onConflictDoNothing()
      .returning({ id: optInKeywords.id });
    if (!made) throw unusable();
    const data = { id: keywordId, brand: brandId, purpose: purposeId, wordingVersion: wordingVersionId, keyword };
    await audit(tx, "opt_in_keyword.created", data, keywordId);
    return { keywordId };
  });
}

function unusable(): AppError {
  return new AppError("keyword_unusable", { field: "keyword", reason: "keyword_unusable" });
}
