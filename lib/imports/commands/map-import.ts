import { eq } from "drizzle-orm";
import { imports } from "@/db/schema/imports";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { applyOverrides, mappingProblems } from "../apply-overrides";
import { importCan } from "../import";
import type { ImportMapping, MappingOverrides, MappingProblem } from "../mapping";
import { firstRecords } from "../queries/preview-import";
import { getImportRow } from "../store";

/**
 * Corrects what the columns are. Nothing is stored while a problem remains; an attribute that would hold names, addresses
 * or numbers of people is one.
 */
export async function mapImport(
  ctx: Context,
  { importId, overrides }: { importId: string; overrides: MappingOverrides },
): Promise<{ mapping: ImportMapping; problems: MappingProblem[] }> {
  authorize(ctx, "contact.import");
  return transaction(ctx, async (tx) => {
    const row = await getImportRow(tx.db, importId, { lock: true });
    if (!importCan.map(row)) throw new AppError("conflict", { status: row.status });
    const { mapping, problems } = applyOverrides(row.mapping, overrides);
    const samples = await firstRecords(tx, row);
    const all = [
      ...problems,
      ...mappingProblems(
        mapping,
        samples.map(({ cells }) => cells),
      ),
    ];
    if (all.length > 0) return { mapping, problems: all };
    await tx.db.update(imports).set({ mapping }).where(eq(imports.id, importId));
    return { mapping, problems: [] };
  });
}
