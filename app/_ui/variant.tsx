import type { CSSProperties, ReactNode } from "react";
import { UiText } from "./ui-text.client";

/** A variant's letter, or `holdout` for the people who are sent nothing. */
export type VariantKey = "A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "holdout";

const shapes: Record<VariantKey, ReactNode> = {
  A: <circle r="5" />,
  B: <path d="M0-6.2 6.2 0 0 6.2-6.2 0z" />,
  C: <path d="M0-5.8 6 4.8H-6z" />,
  D: <rect x="-4.7" y="-4.7" width="9.4" height="9.4" />,
  E: <path d="M0 5.8-6-4.8H6z" />,
  F: <path d="m0-6.4 1.7 4.1 4.4.3-3.4 2.9 1.1 4.3L0 2.9l-3.8 2.3 1.1-4.3L-6.1-2l4.4-.3z" />,
  G: <path d="M-2-6h4v4h4v4H2v4h-4V2h-4v-4h4z" />,
  H: <path d="M0-6 5.7-1.9 3.5 4.9h-7L-5.7-1.9z" />,
  holdout: <circle r="4.2" fill="var(--bg)" stroke="var(--v-holdout)" strokeWidth="2" />,
};

export const variantColour = (variant: VariantKey) => `var(--v-${variant.toLowerCase()})`;

/** Sets the colour that marks below it use as `var(--v)`. */
export function variantStyle(variant: VariantKey): CSSProperties {
  // a custom property, which CSSProperties does not know
  return { "--v": variantColour(variant) } as CSSProperties;
}

/** The shape alone, for inside a chart: draw it at the origin of a group. */
export function VariantShape({ variant }: { variant: VariantKey }) {
  return <g fill={variantColour(variant)}>{shapes[variant]}</g>;
}

/** Shape, letter and name: colour is never the only carrier. */
export function VariantTag({ variant, name, small }: { variant: VariantKey; name?: ReactNode; small?: boolean }) {
  return (
    <span className="variant-tag">
      <svg width="12" height="12" viewBox="-7 -7 14 14" aria-hidden="true">
        <VariantShape variant={variant} />
      </svg>
      {variant === "holdout" ? <span>{name ?? <UiText id="holdout" />}</span> : <b>{variant}</b>}
      {variant !== "holdout" && name && <span className={small ? "text-note text-muted" : undefined}>{name}</span>}
    </span>
  );
}
