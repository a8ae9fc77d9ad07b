import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { decideImport } from "./decide-import";

/** Ends an import that waits for approval: nobody of it becomes a contact. */
export async function refuseImport(ctx: Context, { importId }: { importId: string }): Promise<void> {
  authorize(ctx, "import.approve");
  await decideImport(ctx, importId, "refused", async () => {});
}
