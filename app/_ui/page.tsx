import clsx from "clsx";
import type { ReactNode } from "react";

/** Where one is: the only `h1`, 16 px, with state and actions beside it and tabs below. */
export function PageHeader({
  title,
  status,
  actions,
  tabs,
}: {
  title: ReactNode;
  status?: ReactNode;
  actions?: ReactNode;
  tabs?: ReactNode;
}) {
  return (
    <>
      <div className="page-head">
        <h1 tabIndex={-1}>{title}</h1>
        {status}
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {tabs}
    </>
  );
}

/** The answer to the page's question: one sentence with its numbers at 28 px, and a line below it. */
export function Answer({
  children,
  sub,
  as: Tag = "p",
  tight = false,
}: {
  children: ReactNode;
  sub?: ReactNode;
  /** `h2` where the sentence heads a part of the page, as in the builder's steps. */
  as?: "p" | "h2";
  tight?: boolean;
}) {
  return (
    <div className={tight ? "pb-5" : "py-6 md:py-8"}>
      <Tag className="answer" tabIndex={Tag === "h2" ? -1 : undefined}>
        {children}
      </Tag>
      {sub && <p className="mt-3 max-w-measure text-head text-muted text-pretty">{sub}</p>}
    </div>
  );
}

/** Head and notes in the 200 px margin, evidence in the wide column; `wide` puts the head on top. */
export function Section({
  title,
  note,
  wide = false,
  id,
  aside,
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  wide?: boolean;
  id?: string;
  /** A link or switch that belongs to the head. */
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={clsx("section", wide && "is-wide")} id={id}>
      <header>
        <h2>{title}</h2>
        {note && <p className="note">{note}</p>}
        {aside && <div className={wide ? "ml-auto text-note" : "mt-2 text-note"}>{aside}</div>}
      </header>
      <div className="min-w-0">{children}</div>
    </section>
  );
}

/** Facts in one line, divided by air and a hairline. */
export function FactStrip({ facts }: { facts: readonly { label: ReactNode; value: ReactNode }[] }) {
  return (
    <dl className="strip">
      {facts.map((fact, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order of facts is fixed and labels may be nodes
        <div key={index}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Two to four figures in a ruled row, no boxes; the note carries denominator or interval. */
export function Tiles({ tiles }: { tiles: readonly { label: ReactNode; figure: ReactNode; note?: ReactNode }[] }) {
  return (
    <dl className="tiles">
      {tiles.map((tile, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order of tiles is fixed and labels may be nodes
        <div key={index}>
          <dt>{tile.label}</dt>
          <dd className="figure">{tile.figure}</dd>
          {tile.note && <dd className="tile-note">{tile.note}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** Labels left, values right in words of one's own; `left` for prose values. */
export function KeyValue({
  rows,
  left = false,
}: {
  rows: readonly { label: ReactNode; value: ReactNode }[];
  left?: boolean;
}) {
  return (
    <dl className={clsx("key-value", left && "is-left")}>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order of rows is fixed and labels may be nodes
        <div key={index}>
          <dt>{row.label}</dt>
          <dd>{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Something one can take away or do: a download, an approval. Never inside another box. */
export function Panel({ title, children }: { title?: ReactNode; children: ReactNode }) {
  return (
    <div className="panel">
      {title && <h2 className="mb-3">{title}</h2>}
      {children}
    </div>
  );
}
