import clsx from "clsx";
import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { UiText } from "./ui-text.client";

export interface Column<Row> {
  key: string;
  /** Also the label of the value in a card, on a phone. */
  head: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand right. */
  isNumber?: boolean;
  /** Leaves first when it gets narrow. */
  isLow?: boolean;
  /** Sorting is the server's: where the head leads, and how the column is sorted now. */
  sort?: { href: string; direction?: "ascending" | "descending" };
  headNote?: ReactNode;
}

export interface RowGroup<Row> {
  key: string;
  /** What these rows ask of the reader; left out for a table without groups. */
  title?: ReactNode;
  rows: readonly Row[];
}

/**
 * A native table: numbers right, the first column is the row's name, hairlines between rows; below 768 px each row is
 * a card (unless `cards={false}`). Sort, filter and pages are links that the server answers.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  groups,
  rowKey,
  foot,
  compact = false,
  cards = true,
}: {
  /** Read by screen readers; the page's heading says it to everybody else. */
  caption: string;
  columns: readonly Column<Row>[];
  rows?: readonly Row[];
  groups?: readonly RowGroup<Row>[];
  rowKey: (row: Row) => string;
  /** One cell a column. */
  foot?: readonly ReactNode[];
  compact?: boolean;
  cards?: boolean;
}) {
  const parts = groups ?? [{ key: "all", rows: rows ?? [] }];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label={caption}>
      <table className={clsx("data-table is-hoverable", compact && "is-compact", cards && "has-cards")}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                aria-sort={column.sort?.direction}
                className={clsx(column.isNumber && "is-number", column.isLow && "is-low")}
              >
                <Head column={column} />
              </th>
            ))}
          </tr>
        </thead>
        {parts.map((group) => (
          <tbody key={group.key}>
            {group.title && (
              <tr className="group-row">
                <th scope="rowgroup" colSpan={columns.length}>
                  {group.title}
                </th>
              </tr>
            )}
            {group.rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column, index) => (
                  <Cell key={column.key} column={column} row={row} isFirst={index === 0} />
                ))}
              </tr>
            ))}
          </tbody>
        ))}
        {foot && (
          <tfoot>
            <tr>
              {columns.map((column, index) => {
                const className = clsx(column.isNumber && "is-number", column.isLow && "is-low");
                return index === 0 ? (
                  <th key={column.key} scope="row" className={className}>
                    {foot[index]}
                  </th>
                ) : (
                  <td key={column.key} className={className} data-label={foot[index] ? column.head : undefined}>
                    {foot[index]}
                  </td>
                );
              })}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  );
}

function Head<Row>({ column: { head, headNote, sort } }: { column: Column<Row> }) {
  if (!sort) {
    return (
      <>
        {head}
        {headNote && <small className="block font-normal">{headNote}</small>}
      </>
    );
  }
  const Icon = sort.direction ? (sort.direction === "ascending" ? ArrowUp : ArrowDown) : ArrowUpDown;
  return (
    <Link href={sort.href}>
      {head}
      <Icon aria-hidden className="size-3" />
      {sort.direction && (
        <span className="sr-only">
          , <UiText id={sort.direction === "ascending" ? "sortedUp" : "sortedDown"} />
        </span>
      )}
    </Link>
  );
}

function Cell<Row>({ column, row, isFirst }: { column: Column<Row>; row: Row; isFirst: boolean }) {
  const className = clsx(column.isNumber && "is-number", column.isLow && "is-low");
  const content = column.cell(row);
  if (isFirst) {
    return (
      <th scope="row" className={className}>
        {content}
      </th>
    );
  }
  return (
    <td className={className} data-label={column.head || undefined}>
      {content}
    </td>
  );
}

/** A cell of two lines: the second in 13 muted carries what would otherwise be another column. */
export function TwoLines({ children, second }: { children: ReactNode; second?: ReactNode }) {
  return (
    <span className="two-lines">
      {children}
      {second && <small>{second}</small>}
    </span>
  );
}

/** Earlier and later pages of a list; a missing address is a page that does not exist. */
export function Pagination({
  previousHref,
  nextHref,
  label,
  children,
}: {
  previousHref?: string;
  nextHref?: string;
  /** Names the list for screen readers. */
  label: string;
  /** `1–50 de 1.318` */
  children?: ReactNode;
}) {
  return (
    <nav aria-label={label} className="mt-3 flex items-center gap-4 text-note">
      {previousHref && (
        <Link href={previousHref} rel="prev">
          <UiText id="previousPage" />
        </Link>
      )}
      {nextHref && (
        <Link href={nextHref} rel="next">
          <UiText id="nextPage" />
        </Link>
      )}
      {children && <span className="ml-auto text-muted num">{children}</span>}
    </nav>
  );
}
