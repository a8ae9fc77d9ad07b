import { eq } from "drizzle-orm";
import { imports } from "@/db/schema/imports";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { importCan } from "../import";
import { getImportRow } from "../store";

/** The decision of a compliance officer on somebody else's import, bound to the file's hash by its log entry. */
export async function decideImport(
  ctx: Context,
  importId: string,
  decision: "approved" | "refused",
  then: (tx: Context) => Promise<void>,
): Promise<void> {
  authorize(ctx, "import.approve");
  const decidedBy = ctx.actor.kind === "user" ? ctx.actor.userId : null;
  await transaction(ctx, async (tx) => {
    const row = await getImportRow(tx.db, importId, { lock: true });
    if (!importCan.decide(row)) throw new AppError("import_not_approvable", { status: row.status });
    if (decidedBy === null || row.createdBy === decidedBy) throw new AppError("second_person_required");
    await tx.db
      .update(imports)
      .set({ status: decision, decidedBy, decidedAt: tx.now() })
      .where(eq(imports.id, importId));
    const facts = { import: importId, fileSha256: row.fileSha256.toString("hex"), rows: row.rowsTotal };
    await audit(tx, `import.${decision}`, facts, importId);
    await then(tx);
  });
}
