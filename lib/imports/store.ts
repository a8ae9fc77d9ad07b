import { eq, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { importChunks, imports } from "@/db/schema/imports";
import { AppError } from "@/lib/foundation/errors";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { ImportCounts, ImportFormat } from "./import";
import { ImportMapping } from "./mapping";

export type ImportRow = Omit<typeof imports.$inferSelect, "format" | "mapping" | "counts"> & {
  format: ImportFormat;
  mapping: ImportMapping;
  counts: ImportCounts;
};

/** @throws AppError not_found */
export async function getImportRow(db: Db, importId: string, { lock = false } = {}): Promise<ImportRow> {
  const query = db.select().from(imports).where(eq(imports.id, importId)).limit(1);
  const [row] = lock ? await query.for("update") : await query;
  if (!row) throw new AppError("not_found", { importId });
  return {
    ...row,
    format: ImportFormat.parse(row.format),
    mapping: ImportMapping.parse(row.mapping),
    counts: ImportCounts.parse(row.counts),
  };
}

/** The key under which file and rejected rows are sealed. @throws AppError not_found after they were deleted */
export async function importKey(ctx: Context, importId: string): Promise<Buffer> {
  const key = (await ctx.keys.keysOf([importId])).get(importId);
  if (!key) throw new AppError("not_found", { importId });
  return key;
}

export function chunkPlace(importId: string, position: number): string {
  return `import_chunks|sealed|${importId}|${position}`;
}

export function rejectionPlace(importId: string, row: number): string {
  return `import_rejections|sealed|${importId}|${row}`;
}

/** The bytes of an uploaded file, one chunk in memory at a time. */
export async function* fileChunks(ctx: Context, importId: string): AsyncGenerator<Buffer> {
  const key = await importKey(ctx, importId);
  for (let position = 0; ; position++) {
    const [chunk] = await ctx.db
      .select({ sealed: importChunks.sealed })
      .from(importChunks)
      .where(sql`${importChunks.importId} = ${importId} and ${importChunks.position} = ${position}`);
    if (!chunk) return;
    yield open(key, chunk.sealed, chunkPlace(importId, position));
  }
}
