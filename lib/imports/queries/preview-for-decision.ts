import { systemActor } from "@/lib/identity/actor";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ImportPreview, previewImport } from "./preview-import";

/**
 * What an import would do, for whoever decides on it. A compliance officer imports nothing and yet has to see the effect:
 * the file is read as the worker will read it, and nothing is written.
 */
export async function previewForDecision(ctx: Context, { importId }: { importId: string }): Promise<ImportPreview> {
  authorize(ctx, "import.read");
  return previewImport({ ...ctx, actor: systemActor("worker") }, { importId });
}
