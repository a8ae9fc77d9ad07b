import type { ReactNode } from "react";
import { UiText } from "./ui-text.client";

/** The numbers of a chart as a table, folded below it. The first column names the row, the others are numbers. */
export function ChartTable({ heads, rows }: { heads: readonly ReactNode[]; rows: readonly (readonly ReactNode[])[] }) {
  return (
    <details className="chart-table">
      <summary>
        <UiText id="showTable" />
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="table-scroll mt-2" tabIndex={0}>
        <table className="data-table is-compact">
          <thead>
            <tr>
              {heads.map((head, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: heads are nodes in a fixed order
                <th key={index} scope="col" className={index > 0 ? "is-number" : undefined}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are nodes in a fixed order
              <tr key={index}>
                <th scope="row">{cells[0]}</th>
                {cells.slice(1).map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells are nodes in a fixed order
                  <td key={column} className="is-number">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
