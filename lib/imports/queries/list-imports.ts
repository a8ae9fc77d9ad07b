import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { ImportCounts, type ImportStatus } from "../import";
import type { ImportView } from "./get-import";

interface ListedRow extends Record<string, unknown> {
  id: string;
  name: string;
  sha256: string;
  bytes: string;
  status: ImportStatus;
  total: number;
  counts: unknown;
  error: string | null;
  params: unknown;
  created_by: string | null;
  created_at: string;
  decided_by: string | null;
  decided_at: string | null;
  completed_at: string | null;
}

/** Imports, newest first. `cursor` is the last page's last id. */
export async function listImports(
  ctx: Context,
  { cursor, limit = 50 }: { cursor?: string; limit?: number } = {},
): Promise<{ imports: ImportView[]; nextCursor: string | null }> {
  authorize(ctx, "import.read");
  if (limit < 1 || limit > 200) throw new AppError("invalid_input", { field: "limit" });
  const rows = await ctx.db.execute<ListedRow>(sql`
    select id, file_name as name, encode(file_sha256, 'hex') as sha256, byte_count as bytes, status, rows_total as total,
      counts, error_code as error, error_params as params, created_by, created_at, decided_by, decided_at, completed_at
    from imports
    where ${cursor ?? null}::uuid is null or id < ${cursor ?? null}::uuid
    order by id desc limit ${limit + 1}`);
  const imports = rows.slice(0, limit).map(toView);
  return { imports, nextCursor: rows.length > limit ? (imports.at(-1)?.importId ?? null) : null };
}

function toView(row: ListedRow): ImportView {
  const counts = ImportCounts.parse(row.counts);
  return {
    importId: row.id,
    fileName: row.name,
    fileSha256: row.sha256,
    byteCount: Number(row.bytes),
    status: row.status,
    rowsTotal: row.total,
    rowsRead: counts.rows,
    counts,
    error: row.error ? { code: row.error, params: row.params } : null,
    createdBy: row.created_by,
    createdAt: new Date(row.created_at),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at ? new Date(row.decided_at) : null,
    completedAt: row.completed_at ? new Date(row.completed_at) : null,
  };
}
