import { asc, eq } from "drizzle-orm";
import { wordingVersions } from "@/db/schema/consent";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export type WordingVersion = Omit<typeof wordingVersions.$inferSelect, "textSha256"> & { textSha256: string };

/** The texts of a purpose, oldest first. */
export async function listWordingVersions(
  ctx: Context,
  { purposeId }: { purposeId: string },
): Promise<WordingVersion[]> {
  authorize(ctx, "policy.read");
  const rows = await ctx.db
    .select()
    .from(wordingVersions)
    .where(eq(wordingVersions.purposeId, purposeId))
    .orderBy(asc(wordingVersions.createdAt));
  return rows.map((row) => ({ ...row, textSha256: row.textSha256.toString("hex") }));
}
