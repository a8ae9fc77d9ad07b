import type { RandomSource } from "../random";

/** A figure that a scenario measures beside the one that has its band in bands.json. */
export interface SideFigure {
  readonly what: string;
  readonly lo: number;
  readonly hi: number;
}

/** One way in which the product's functions could err, as a game that can be played again and again. */
export interface Scenario {
  /** Measured in the same runs, with bands from the text of the specification. */
  readonly beside?: readonly SideFigure[];
  /**
   * What is the same in every run (boundaries, sizes) is computed here; the function that comes back plays one run and
   * answers the figure first (1 or 0 where it is a share), then those beside.
   */
  prepare(): (random: RandomSource) => readonly number[];
}

/** A share of runs. */
export const share = (happened: boolean): number => (happened ? 1 : 0);

export const ALPHA = 0.05;
