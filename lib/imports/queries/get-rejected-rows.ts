import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { csvLine } from "../csv-cell";
import { getImportRow } from "../store";
import { listRejections } from "./list-rejections";

const PAGE = 500;
const ADDED_COLUMNS = ["import_row", "import_column", "import_expected", "import_found"];

/**
 * The rejected rows as a CSV file, line by line: the row's own cells as they were, then its number, the column, what was
 * expected and what was found. Corrected, it is a file that can be imported.
 */
export async function* getRejectedRows(ctx: Context, { importId }: { importId: string }): AsyncGenerator<string> {
  authorize(ctx, "import.read");
  await requireRecentFactor(ctx);
  const { format } = await getImportRow(ctx.db, importId);
  yield csvLine([...format.header, ...ADDED_COLUMNS]);
  for (let afterRow = 0; ; ) {
    const page = await listRejections(ctx, { importId, afterRow, limit: PAGE });
    for (const { row, cells, column, expected, found } of page) {
      const own = format.header.map((_, index) => cells[index] ?? "");
      yield csvLine([...own, `${row}`, column, expected, found]);
      afterRow = row;
    }
    if (page.length < PAGE) return;
  }
}
