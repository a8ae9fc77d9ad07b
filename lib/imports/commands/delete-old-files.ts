import { sql } from "drizzle-orm";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

const KEPT_DAYS = 7; // compliance/design.md 3.4
const IMPORTS_PER_RUN = 200;

/** Removes files and rejected rows of imports that are older than a week and over, and the keys they were sealed under. */
export async function deleteOldFiles(ctx: Context): Promise<{ imports: number }> {
  authorize(ctx, "job.run");
  const before = new Date(ctx.now().getTime() - KEPT_DAYS * 86_400_000);
  const old = await ctx.db.execute<{ id: string }>(sql`
    select id from imports
    where created_at < ${before}::timestamptz and status in ('completed', 'failed', 'cancelled', 'refused')
      and exists (select from import_chunks where import_chunks.import_id = imports.id)
    order by created_at limit ${IMPORTS_PER_RUN}`);
  for (const { id } of old) {
    await ctx.keys.destroy([id]);
    await transaction(ctx, async (tx) => {
      await tx.db.execute(sql`delete from import_chunks where import_id = ${id}`);
      await tx.db.execute(sql`delete from import_rejections where import_id = ${id}`);
      await audit(tx, "import.file_deleted", { import: id }, id);
    });
  }
  return { imports: old.length };
}
