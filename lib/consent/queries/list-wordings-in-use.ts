import { asc, desc, eq, sql } from "drizzle-orm";
import { purposes, wordingVersions } from "@/db/schema/consent";
import { brands } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { readNotice, type WordingNotice } from "../wording";

export interface WordingInUse {
  id: string;
  purposeId: string;
  purposeName: string;
  brandName: string;
  label: string;
  language: string;
  text: string;
  textSha256: string;
  controller: string;
  privacyNoticeUrl: string;
  notice: WordingNotice;
  createdAt: Date;
  revokedAt: Date | null;
  revokedReason: string | null;
  /** Consents in force that rest on it: who would not be reached any more if it were revoked. */
  people: number;
}

/** Every text of every purpose, the newest of each purpose first. */
export async function listWordingsInUse(ctx: Context): Promise<WordingInUse[]> {
  authorize(ctx, "policy.read");
  const [rows, use] = await Promise.all([
    ctx.db
      .select({ wording: wordingVersions, purposeName: purposes.name, brandName: brands.name })
      .from(wordingVersions)
      .innerJoin(purposes, eq(purposes.id, wordingVersions.purposeId))
      .innerJoin(brands, eq(brands.id, purposes.brandId))
      .orderBy(asc(brands.name), asc(purposes.createdAt), desc(wordingVersions.createdAt)),
    countWordingUse(ctx),
  ]);
  return rows.map(({ wording, purposeName, brandName }) => ({
    ...wording,
    purposeName,
    brandName,
    textSha256: wording.textSha256.toString("hex"),
    notice: readNotice(wording.notice),
    people: use.get(wording.id) ?? 0,
  }));
}

/** How many consents in force rest on each text. */
export async function countWordingUse(ctx: Context): Promise<Map<string, number>> {
  authorize(ctx, "policy.read");
  const rows = await ctx.db.execute<{ id: string; count: number }>(sql`
    select wording_version_id as id, count(*)::int as count from consent_state
    where status = 'granted' and expires_at > ${ctx.now()}::timestamptz and wording_version_id is not null
    group by wording_version_id`);
  return new Map(rows.map(({ id, count }) => [id, count]));
}
