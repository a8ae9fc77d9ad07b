import { csvLine } from "@/lib/imports/csv-cell";

/** Excel reads UTF-8 only behind this mark. */
const BYTE_ORDER_MARK = "\uFEFF";

/** Rows as a file to keep; cells that look like formulas are disarmed. */
export function csvDownload(fileName: string, rows: readonly (readonly string[])[]): Response {
  return new Response(BYTE_ORDER_MARK + rows.map(csvLine).join(""), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${fileName}"`,
      "Cache-Control": "no-store",
    },
  });
}
