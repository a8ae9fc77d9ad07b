import { asc, eq, gt, sql } from "drizzle-orm";
import { importRejections } from "@/db/schema/imports";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { csvLine } from "../csv-cell";
import { Rejection } from "../import";
import { getImportRow, importKey, rejectionPlace } from "../store";

const PAGE = 500;

/**
 * The rejected rows as a CSV file, line by line: the row's own cells as they were, then its number, the column, what was
 * expected and what was found. Correct it and import it again: the added columns are ignored.
 */
export async function* getRejectedRows(ctx: Context, { importId }: { importId: string }): AsyncGenerator<string> {
  authorize(ctx, "import.read");
  const { format } = await getImportRow(ctx.db, importId);
  const key = await importKey(ctx, importId);
  const width = format.header.length;
  yield csvLine([...format.header, "import_row", "import_column", "import_expected", "import_found"]);
  for (let after = 0; ; ) {
    const rows = await ctx.db
      .select()
      .from(importRejections)
      .where(sql`${eq(importRejections.importId, importId)} and ${gt(importRejections.rowNumber, after)}`)
      .orderBy(asc(importRejections.rowNumber))
      .limit(PAGE);
    for (const { rowNumber, sealed } of rows) {
      const { cells, column, expected, found } = Rejection.parse(
        JSON.parse(open(key, sealed, rejectionPlace(importId, rowNumber)).toString("utf8")),
      );
      const own = Array.from({ length: width }, (_, index) => cells[index] ?? "");
      yield csvLine([...own, `${rowNumber}`, column, expected, found]);
      after = rowNumber;
    }
    if (rows.length < PAGE) return;
  }
}
