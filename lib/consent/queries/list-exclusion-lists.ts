import { desc, eq } from "drizzle-orm";
import { exclusionLists } from "@/db/schema/consent";
import { users } from "@/db/schema/identity";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

const SHOWN = 50;

export interface ExclusionListView {
  id: string;
  name: string;
  rowCount: number;
  addedCount: number;
  unreadableCount: number;
  contactCount: number;
  createdBy: string | null;
  createdAt: Date;
  /** Null: it was not read to its end; what was read is blocked. */
  completedAt: Date | null;
}

/** The lists of others that were taken in, newest first. */
export async function listExclusionLists(ctx: Context): Promise<ExclusionListView[]> {
  authorize(ctx, "consent.read");
  const rows = await ctx.db
    .select({ list: exclusionLists, createdBy: users.name })
    .from(exclusionLists)
    .leftJoin(users, eq(users.id, exclusionLists.createdBy))
    .orderBy(desc(exclusionLists.createdAt))
    .limit(SHOWN);
  return rows.map(({ list: { fileSha256: _, ...list }, createdBy }) => ({ ...list, createdBy }));
}
