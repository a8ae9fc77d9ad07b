import { eq } from "drizzle-orm";
import { imports } from "@/db/schema/imports";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { mappingProblems } from "../apply-overrides";
import { importCan, ROWS_WITHOUT_APPROVAL } from "../import";
import { runImportJob } from "../jobs";
import { firstRecords } from "../queries/preview-import";
import { getImportRow } from "../store";

/**
 * Asks for an uploaded file to be imported: at once up to 500 rows, else after a compliance officer's approval.
 *
 * @param runsHere the caller runs it itself (the terminal): no job is left for the worker
 * @throws AppError invalid_input { problem, column } when the mapping cannot be used, conflict where it was asked before
 */
export async function requestImport(
  ctx: Context,
  { importId, runsHere = false }: { importId: string; runsHere?: boolean },
): Promise<{ status: "approved" | "awaiting_approval" }> {
  authorize(ctx, "contact.import");
  return transaction(ctx, async (tx) => {
    const row = await getImportRow(tx.db, importId, { lock: true });
    if (!importCan.request(row)) throw new AppError("conflict", { status: row.status });
    const samples = await firstRecords(tx, row);
    const [problem] = mappingProblems(
      row.mapping,
      samples.map(({ cells }) => cells),
    );
    if (problem) throw new AppError("invalid_input", { problem: problem.problem, column: problem.header });
    const status = row.rowsTotal > ROWS_WITHOUT_APPROVAL ? "awaiting_approval" : "approved";
    await tx.db.update(imports).set({ status }).where(eq(imports.id, importId));
    await audit(tx, "import.requested", { import: importId, rows: row.rowsTotal, status }, importId);
    if (status === "approved" && !runsHere)
      await enqueue(tx.db, runImportJob, { importId }, { key: `import ${importId}` });
    return { status };
  });
}
