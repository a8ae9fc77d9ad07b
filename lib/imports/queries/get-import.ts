import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ImportCounts, type ImportFormat, type ImportStatus, importCan } from "../import";
import type { ImportMapping } from "../mapping";
import { getImportRow } from "../store";

export interface ImportView {
  importId: string;
  fileName: string;
  fileSha256: string;
  byteCount: number;
  status: ImportStatus;
  rowsTotal: number;
  rowsRead: number;
  counts: ImportCounts;
  /** Why it failed; `committed` contacts stay. */
  error: { code: string; params: unknown } | null;
  createdBy: string | null;
  createdAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  completedAt: Date | null;
}

export interface ImportDetails extends ImportView {
  brandId: string;
  purposeId: string | null;
  format: ImportFormat;
  mapping: ImportMapping;
  can: Record<keyof typeof importCan, boolean>;
}

/** One import with its progress, its counts and what may happen to it. @throws AppError not_found */
export async function getImport(ctx: Context, { importId }: { importId: string }): Promise<ImportDetails> {
  authorize(ctx, "import.read");
  const row = await getImportRow(ctx.db, importId);
  const actions = Object.keys(importCan) as (keyof typeof importCan)[]; // keys of a literal: exactly the union
  const can = Object.fromEntries(actions.map((action) => [action, importCan[action](row)]));
  return {
    importId,
    fileName: row.fileName,
    fileSha256: row.fileSha256.toString("hex"),
    byteCount: row.byteCount,
    status: row.status,
    rowsTotal: row.rowsTotal,
    rowsRead: row.counts.rows,
    counts: row.counts,
    error: row.errorCode ? { code: row.errorCode, params: row.errorParams } : null,
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt,
    completedAt: row.completedAt,
    brandId: row.brandId,
    purposeId: row.purposeId,
    format: row.format,
    mapping: row.mapping,
    can: can as ImportDetails["can"], // one entry per action, from the same keys
  };
}
