import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { runImportJob } from "../jobs";
import { decideImport } from "./decide-import";

/**
 * Lets an import of more than 500 rows begin. Not by whoever uploaded it: four eyes, always (decision 8).
 *
 * @throws AppError second_person_required, import_not_approvable { status }
 */
export async function approveImport(ctx: Context, { importId }: { importId: string }): Promise<void> {
  authorize(ctx, "import.approve");
  await decideImport(ctx, importId, "approved", (tx) =>
    enqueue(tx.db, runImportJob, { importId }, { key: `import ${importId}` }),
  );
}
