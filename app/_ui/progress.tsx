import clsx from "clsx";
import type { ReactNode } from "react";
import { type VariantKey, variantStyle } from "./variant";

/** How far something is, from real counts. `valueText` says it in words: "20.124 de 31.200 mensajes". */
export function Progress({
  label,
  value,
  max,
  valueText,
  full = false,
}: {
  label: string;
  value: number;
  max: number;
  valueText: string;
  full?: boolean;
}) {
  const share = max > 0 ? Math.min(1, value / max) : 0;
  return (
    <span
      className={clsx("meter", full && "is-full")}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={valueText}
    >
      <i style={{ width: `${share * 100}%` }} />
    </span>
  );
}

export interface ProgressPart {
  kind: "done" | "moving" | "failed" | "held" | "rest";
  count: number;
  countText: string;
  label: ReactNode;
}

/** Everybody of a variant in one bar: solid done, light on its way, hatched failed, grey held, empty the rest. */
export function ProgressStack({
  label,
  parts,
  variant,
}: {
  /** All the numbers in a sentence, for screen readers. */
  label: string;
  parts: readonly ProgressPart[];
  variant?: VariantKey;
}) {
  const total = parts.reduce((sum, part) => sum + part.count, 0) || 1;
  return (
    <div style={variant && variantStyle(variant)}>
      <div className="stack" role="img" aria-label={label}>
        {parts.map(
          (part) =>
            part.kind !== "rest" &&
            part.count > 0 && (
              <i key={part.kind} className={`fill-${part.kind}`} style={{ width: `${(part.count / total) * 100}%` }} />
            ),
        )}
      </div>
      <ul className="legend">
        {parts.map((part) => (
          <li key={part.kind}>
            <i className={`fill-${part.kind}`} aria-hidden="true" />
            {part.label} <b>{part.countText}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
