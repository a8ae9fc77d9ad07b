import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import { deleteOldFiles } from "./commands/delete-old-files";
import { runImport } from "./commands/run-import";

/** Runs an approved import, from its checkpoint where an earlier attempt stopped. */
export const runImportJob = defineJob({
  name: "imports.run_import",
  payload: z.object({ importId: z.uuid() }),
  retry: { attempts: 10 },
  async run(ctx: Context, { importId }, { signal }) {
    const end = await runImport(ctx, { importId, signal });
    if (end.kind === "interrupted" && signal.aborted) throw new Error("stopped before the end: runs on later");
  },
});

/** Uploaded files and rejected rows hold telephone numbers: gone after seven days. Cron, daily. */
export const deleteOldFilesJob = defineJob({
  name: "imports.delete_old_files",
  payload: z.object({}).loose(),
  retry: { attempts: 5 },
  async run(ctx: Context) {
    await deleteOldFiles(ctx);
  },
});
