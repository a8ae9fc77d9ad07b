import { asc, eq, isNull } from "drizzle-orm";
import { optInKeywords, purposes, wordingVersions } from "@/db/schema/consent";
import { brands } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface Keyword {
  keywordId: string;
  keyword: string;
  brandId: string;
  brandName: string;
  purposeId: string;
  purposeName: string;
  wordingVersionId: string;
  wordingLabel: string;
  wordingLanguage: string;
  /** Revoked texts make what is agreed with the word unusable: retire it. */
  wordingRevokedAt: Date | null;
}

/** The words in use, of every brand. */
export async function listKeywords(ctx: Context): Promise<Keyword[]> {
  authorize(ctx, "policy.read");
  return ctx.db
    .select({
      keywordId: optInKeywords.id,
      keyword: optInKeywords.keyword,
      brandId: optInKeywords.brandId,
      brandName: brands.name,
      purposeId: optInKeywords.purposeId,
      purposeName: purposes.name,
      wordingVersionId: optInKeywords.wordingVersionId,
      wordingLabel: wordingVersions.label,
      wordingLanguage: wordingVersions.language,
      wordingRevokedAt: wordingVersions.revokedAt,
    })
    .from(optInKeywords)
    .innerJoin(purposes, eq(purposes.id, optInKeywords.purposeId))
    .innerJoin(brands, eq(brands.id, optInKeywords.brandId))
    .innerJoin(wordingVersions, eq(wordingVersions.id, optInKeywords.wordingVersionId))
    .where(isNull(optInKeywords.retiredAt))
    .orderBy(asc(brands.name), asc(optInKeywords.keyword));
}
