import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type RetentionClass, retentionClasses } from "../retention";

export interface RetentionRow {
  what: RetentionClass;
  /** As PostgreSQL writes it: `13 months`. */
  kept: string;
  before: Date;
  /** Rows that the next night removes. */
  due: number;
  lastRemovedAt: Date | null;
  /** So far, altogether. */
  removed: number;
}

/** What the next night would remove, by class; nothing is changed by looking. */
export async function previewRetention(ctx: Context): Promise<RetentionRow[]> {
  authorize(ctx, "rights.handle");
  const rows = await ctx.db.execute<{
    what: string;
    kept: string;
    before: string;
    due: number;
    last: string | null;
    removed: string;
  }>(sql`
    select t.what, t.kept, t.before, retention(t.what, false, ${newId()}::uuid) as due,
      (select max(at) from retention_removals r where r.what = t.what) as last,
      coalesce((select sum(removed) from retention_removals r where r.what = t.what), 0) as removed
    from retention_terms() t`);
  return retentionClasses.flatMap((what) => {
    const row = rows.find((one) => one.what === what);
    if (!row) return [];
    return [
      {
        what,
        kept: row.kept,
        before: new Date(row.before),
        due: row.due,
        lastRemovedAt: row.last === null ? null : new Date(row.last),
        removed: Number(row.removed),
      },
    ];
  });
}
