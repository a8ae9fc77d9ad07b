import { eq } from "drizzle-orm";
import { imports } from "@/db/schema/imports";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { importCan } from "../import";
import { getImportRow } from "../store";

/** Stops an import. What a running one has committed stays and is counted; the rest of the file is not read. */
export async function cancelImport(ctx: Context, { importId }: { importId: string }): Promise<void> {
  authorize(ctx, "contact.import");
  await transaction(ctx, async (tx) => {
    const row = await getImportRow(tx.db, importId, { lock: true });
    if (!importCan.cancel(row)) throw new AppError("import_not_cancellable", { status: row.status });
    await tx.db.update(imports).set({ status: "cancelled", completedAt: tx.now() }).where(eq(imports.id, importId));
    await audit(tx, "import.cancelled", { import: importId, rowsRead: row.rowsRead }, importId);
  });
}
