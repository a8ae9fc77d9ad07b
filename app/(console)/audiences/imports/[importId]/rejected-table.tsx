import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { DataTable } from "@/app/_ui/data-table";
import type { RowProblem } from "@/lib/imports/read-row";
import { maskFound } from "@/lib/imports/sample-values";

/** Rows that are not imported: where, what was expected, what stood there (numbers hidden). */
export async function RejectedTable({ rows }: { rows: readonly RowProblem[] }) {
  const [formats, t] = await Promise.all([currentFormats(), getTranslator("imports")]);
  return (
    <DataTable
      caption={t("rejected.title")}
      rows={rows}
      rowKey={({ row, code }) => `${row} ${code}`}
      compact
      columns={[
        { key: "row", head: t("rejected.row"), cell: ({ row }) => formats.integer(row) },
        { key: "column", head: t("rejected.column"), cell: ({ column }) => column || t("rejected.wholeRow") },
        { key: "expected", head: t("rejected.expected"), cell: ({ code }) => t(`rejected.codes.${code}`) },
        {
          key: "found",
          head: t("rejected.found"),
          cell: ({ code, found }) =>
            code === "too_many_cells" ? (
              t("rejected.cells", { countText: found })
            ) : found === "" ? (
              <span className="note">{t("rejected.empty")}</span>
            ) : (
              <span className="num break-all">{maskFound(found)}</span>
            ),
        },
        {
          key: "left",
          head: t("rejected.optOut"),
          cell: ({ saysLeft }) => (saysLeft ? t("rejected.saysLeft") : ""),
        },
      ]}
    />
  );
}
