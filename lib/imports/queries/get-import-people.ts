import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { getImportRow } from "../store";

export interface ImportPeople {
  /** Null: brought by the terminal, or the person is gone. */
  uploadedBy: string | null;
  decidedBy: string | null;
  /** Who may decide: compliance officers other than whoever uploaded it. */
  approvers: string[];
}

const MOST_NAMES = 10;

/** The people behind an import, by name. @throws AppError not_found */
export async function getImportPeople(ctx: Context, { importId }: { importId: string }): Promise<ImportPeople> {
  authorize(ctx, "import.read");
  const { createdBy, decidedBy } = await getImportRow(ctx.db, importId);
  const rows = await ctx.db.execute<{ id: string; name: string; approves: boolean }>(sql`
    select id, name, 'compliance' = any(roles) and disabled_at is null and password_hash is not null
        and id is distinct from ${createdBy}::uuid as approves
    from users
    where id = ${createdBy}::uuid or id = ${decidedBy}::uuid or 'compliance' = any(roles)
    order by lower(name)`);
  const nameOf = (id: string | null) => rows.find((row) => row.id === id)?.name ?? null;
  return {
    uploadedBy: nameOf(createdBy),
    decidedBy: nameOf(decidedBy),
    approvers: rows.flatMap(({ name, approves }) => (approves ? [name] : [])).slice(0, MOST_NAMES),
  };
}
