import type { ReactNode } from "react";
import { type ComparisonWord, WordTag } from "./badge";
import { ChartTable } from "./chart-table";
import { type IntervalScale, intervalScale, type PlotInterval, placeInterval, placeValue } from "./interval-geometry";
import { UiText } from "./ui-text.client";
import { type VariantKey, VariantShape, VariantTag, variantColour } from "./variant";

export interface IntervalRow extends PlotInterval {
  /** Whose colour and shape the marks have. */
  variant: VariantKey;
  /** The variant's name, or the segment's. */
  name: ReactNode;
  /** `+1,8 pp` and `[1,1; 2,5]`, as the reader's region writes them. */
  estimateText: string;
  intervalText: string;
  /** `6,9 % frente a 5,1 %` */
  detail?: ReactNode;
  word?: ComparisonWord;
}

/**
 * Differences on one scale: point, thick line for the interval that decides, dashed zero, shaded minimum effect. The
 * text column says everything the marks say. `tick` writes a value of the axis; `zeroLabel` stands at zero.
 */
export function IntervalPlot({
  caption,
  rows,
  minimumEffect = 0,
  tick,
  zeroLabel,
  unit,
}: {
  caption: ReactNode;
  rows: readonly IntervalRow[];
  /** Half width of the band, in the unit of the rows. */
  minimumEffect?: number;
  tick: (value: number) => string;
  zeroLabel: string;
  unit: ReactNode;
}) {
  const scale = intervalScale(rows, minimumEffect);
  return (
    <figure className="chart">
      <figcaption>{caption}</figcaption>
      <div className="interval-plot">
        {minimumEffect > 0 && (
          <div className="interval-axis is-top">
            <span />
            <div className="is-kept relative h-6">
              <span className="band-label" style={{ left: `${placeValue(0, scale)}%` }}>
                <UiText id="bandLabel" />
              </span>
            </div>
          </div>
        )}
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a variant may have several rows (segments), in fixed order
          <div key={index} className="interval-row">
            <VariantTag variant={row.variant} name={row.name} />
            <div className="interval-marks">
              <Marks row={row} scale={scale} minimumEffect={minimumEffect} />
            </div>
            <span className="interval-text">
              <b>
                {row.estimateText} {row.intervalText}
              </b>
              {row.detail && <small>{row.detail}</small>}
            </span>
            {row.word ? <WordTag word={row.word} /> : <span className="word" />}
          </div>
        ))}
        <div className="interval-axis">
          <span />
          <div className="interval-ticks is-kept" aria-hidden="true">
            {scale.ticks.map((value) => (
              <span key={value} className="tick" style={{ left: `${placeValue(value, scale)}%` }}>
                {value === 0 ? zeroLabel : tick(value)}
              </span>
            ))}
          </div>
          <span className="note text-right">{unit}</span>
        </div>
      </div>
      <ChartTable
        heads={[
          <UiText key="v" id="variant" />,
          <UiText key="d" id="difference" />,
          <UiText key="i" id="interval" />,
          <UiText key="r" id="reading" />,
        ]}
        rows={rows.map((row) => [
          <VariantTag key="v" variant={row.variant} name={row.name} />,
          row.estimateText,
          row.intervalText,
          row.word ? <WordTag key="w" word={row.word} /> : "",
        ])}
      />
    </figure>
  );
}

const ARROW = 5;

function Marks({ row, scale, minimumEffect }: { row: IntervalRow; scale: IntervalScale; minimumEffect: number }) {
  const placed = placeInterval(row, scale);
  const zero = `${placeValue(0, scale)}%`;
  const colour = variantColour(row.variant);
  const [bandFrom, bandTo] = [placeValue(-minimumEffect, scale), placeValue(minimumEffect, scale)];
  return (
    <svg aria-hidden="true">
      {minimumEffect > 0 && (
        <rect x={`${bandFrom}%`} width={`${bandTo - bandFrom}%`} height="100%" fill="var(--c-band)" />
      )}
      <line x1={zero} x2={zero} y1="0" y2="100%" stroke="var(--c-zero)" strokeDasharray="3 3" />
      <line x1={`${placed.from}%`} x2={`${placed.to}%`} y1="50%" y2="50%" stroke={colour} strokeWidth="4" />
      <svg x={`${placed.from}%`} y="50%" overflow="visible" aria-hidden="true">
        {placed.isCutLeft && <path d={`M-2 0 ${ARROW} ${-ARROW - 1}V${ARROW + 1}z`} fill={colour} />}
      </svg>
      <svg x={`${placed.to}%`} y="50%" overflow="visible" aria-hidden="true">
        {placed.isCutRight && <path d={`M2 0 ${-ARROW} ${-ARROW - 1}V${ARROW + 1}z`} fill={colour} />}
      </svg>
      <svg x={`${placed.estimate}%`} y="50%" overflow="visible" aria-hidden="true">
        <g stroke="var(--bg)" strokeWidth="3" paintOrder="stroke">
          <VariantShape variant={row.variant} />
        </g>
      </svg>
    </svg>
  );
}

/** The same marks, 120 px wide, for a table cell whose text says the numbers. Give every row of a table one scale. */
export function MiniInterval({
  interval,
  variant,
  scale,
  limit,
}: {
  interval: PlotInterval;
  variant: VariantKey;
  scale: IntervalScale;
  /** A guardrail's limit, drawn as a line. */
  limit?: number;
}) {
  const placed = placeInterval(interval, scale);
  const zero = `${placeValue(0, scale)}%`;
  return (
    <svg className="mini-interval" aria-hidden="true">
      <line x1="0" x2="100%" y1="50%" y2="50%" stroke="var(--line)" />
      <line x1={zero} x2={zero} y1="0" y2="100%" stroke="var(--c-zero)" strokeDasharray="2 2" />
      {limit !== undefined && (
        <line
          x1={`${placeValue(limit, scale)}%`}
          x2={`${placeValue(limit, scale)}%`}
          y1="0"
          y2="100%"
          stroke="var(--bad)"
          strokeWidth="2"
        />
      )}
      <line
        x1={`${placed.from}%`}
        x2={`${placed.to}%`}
        y1="50%"
        y2="50%"
        stroke={variantColour(variant)}
        strokeWidth="3"
      />
      <svg x={`${placed.estimate}%`} y="50%" overflow="visible" aria-hidden="true">
        <g transform="scale(.8)">
          <VariantShape variant={variant} />
        </g>
      </svg>
    </svg>
  );
}
