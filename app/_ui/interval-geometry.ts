import { scaleLinear } from "d3-scale";

/** A difference with its interval, in whatever unit the plot has. */
export interface PlotInterval {
  estimate: number;
  lower: number;
  upper: number;
}

export interface IntervalScale {
  min: number;
  max: number;
  /** Round values inside the scale, zero among them. */
  ticks: number[];
}

export interface PlacedInterval {
  /** Per cent of the plot's width. */
  from: number;
  to: number;
  estimate: number;
  /** The interval goes on beyond the scale: draw an arrow at that end. */
  isCutLeft: boolean;
  isCutRight: boolean;
}

/** Room on both sides of the outermost mark, as a share of the span. */
const MARGIN = 0.06;
const TICKS = 6;
/** Intervals wider than this many times the band (or the middle interval) are cut, so that one does not flatten all. */
const WIDEST = 3;

/** One scale for all rows: holds zero, the minimum-effect band and every interval that is not far wider than the rest. */
export function intervalScale(rows: readonly PlotInterval[], minimumEffect = 0): IntervalScale {
  const widths = rows.map((row) => row.upper - row.lower).toSorted((a, b) => a - b);
  const middle = widths[Math.floor((widths.length - 1) / 2)] ?? 0;
  const limit = Math.max(minimumEffect * 2, middle) * WIDEST || Number.POSITIVE_INFINITY;
  const ends = rows.flatMap(({ estimate, lower, upper }) => [
    estimate,
    Math.max(lower, estimate - limit / 2),
    Math.min(upper, estimate + limit / 2),
  ]);
  const low = Math.min(0, -minimumEffect, ...ends);
  const high = Math.max(0, minimumEffect, ...ends);
  const span = high - low || 1;
  const [min, max] = [low - span * MARGIN, high + span * MARGIN];
  const ticks = scaleLinear([min, max], [0, 1]).ticks(TICKS);
  return { min, max, ticks };
}

/** Where a value stands, in per cent of the width; values beyond the scale stand at its end. */
export function placeValue(value: number, { min, max }: IntervalScale): number {
  return Math.min(100, Math.max(0, ((value - min) / (max - min)) * 100));
}

export function placeInterval(interval: PlotInterval, scale: IntervalScale): PlacedInterval {
  return {
    from: placeValue(interval.lower, scale),
    to: placeValue(interval.upper, scale),
    estimate: placeValue(interval.estimate, scale),
    isCutLeft: interval.lower < scale.min,
    isCutRight: interval.upper > scale.max,
  };
}
