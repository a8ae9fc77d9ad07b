import * as z from "zod";
import { endpoint } from "@/app/_server/endpoint";
import { publicId } from "@/lib/foundation/ids";
import { ImportCounts, importStatuses } from "@/lib/imports/import";
import { getImport } from "@/lib/imports/queries/get-import";
import { idOf } from "@/lib/templates/inputs";

const ImportProgress = z.object({
  id: z.string(),
  status: z.enum(importStatuses),
  rowsTotal: z.int(),
  rowsRead: z.int(),
  counts: ImportCounts,
});

/** Where an import stands: `id` `imp_…`, state, rows read so far, counts. */
export const GET = endpoint({
  input: z.object({ importId: idOf("imp") }),
  output: ImportProgress,
  run: async (ctx, input) => {
    const { importId, status, rowsTotal, rowsRead, counts } = await getImport(ctx, input);
    return { id: publicId("imp", importId), status, rowsTotal, rowsRead, counts };
  },
});
