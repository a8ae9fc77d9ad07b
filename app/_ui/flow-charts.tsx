import clsx from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";
import { UiText } from "./ui-text.client";
import { type VariantKey, VariantTag, variantStyle } from "./variant";
import { type WaterfallStep, waterfallBars } from "./waterfall-geometry";

/** From everybody who matches to the people one may reach: every number that leaves says why and links to its people. */
export function Waterfall({
  caption,
  steps,
}: {
  caption: ReactNode;
  /** `countText` is the number as the region writes it, with its minus for `less`. */
  steps: readonly (WaterfallStep & { label: ReactNode; countText: string; note?: ReactNode; href?: string })[];
}) {
  const bars = waterfallBars(steps);
  return (
    <figure className="chart">
      <figcaption>{caption}</figcaption>
      <table className="data-table has-cards waterfall">
        <thead className="sr-only">
          <tr>
            <th scope="col">
              <UiText id="step" />
            </th>
            <th scope="col">
              <UiText id="people" />
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are in a fixed order and labels may be nodes
            <tr key={index}>
              <th scope="row" className={step.kind === "total" ? "font-semibold" : "font-normal"}>
                <span className="two-lines">
                  {step.label}
                  {step.note && <small>{step.note}</small>}
                </span>
              </th>
              <td className={clsx("is-number md:w-28", step.kind === "total" && "font-semibold")}>
                {step.href ? <Link href={step.href}>{step.countText}</Link> : step.countText}
              </td>
              <td className="waterfall-lane" aria-hidden="true">
                <span
                  className={clsx("waterfall-bar", step.kind === "total" && "is-total")}
                  style={{ marginLeft: `${bars[index]?.from ?? 0}%`, width: `${bars[index]?.width ?? 0}%` }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

export interface FunnelCell {
  /** Share of the assigned, 0–1: the length of the bar. All bars share one scale. */
  share: number;
  countText: string;
  shareText: string;
  /** Why people were lost before this step. */
  loss?: ReactNode;
}

/** Assigned to converted, a column a variant; the table is the chart. */
export function Funnel({
  caption,
  variants,
  steps,
}: {
  caption: ReactNode;
  variants: readonly { variant: VariantKey; name?: ReactNode }[];
  /** One cell a variant, in their order. `note` is about the whole step. */
  steps: readonly { label: ReactNode; note?: ReactNode; cells: readonly FunnelCell[] }[];
}) {
  return (
    <figure className="chart">
      <figcaption>{caption}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="table-scroll" tabIndex={0}>
        <table className="data-table funnel">
          <thead>
            <tr>
              <th scope="col">
                <UiText id="step" />
              </th>
              {variants.map((column) => (
                <th key={column.variant} scope="col">
                  <VariantTag {...column} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: steps are in a fixed order and labels may be nodes
              <tr key={index}>
                <th scope="row">
                  <span className="two-lines">
                    {step.label}
                    {step.note && <small>{step.note}</small>}
                  </span>
                </th>
                {step.cells.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells are in the order of the variants
                  <td key={column} style={variantStyle(variants[column]?.variant ?? "A")}>
                    <span className="flex justify-between gap-2">
                      <b>{cell.countText}</b>
                      <span className="note">{cell.shareText}</span>
                    </span>
                    <div className="funnel-bar" style={{ width: `${Math.min(1, cell.share) * 100}%` }} />
                    {cell.loss && <div className="note mt-1">{cell.loss}</div>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
