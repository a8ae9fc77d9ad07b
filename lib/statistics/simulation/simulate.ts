/**
 * Plays the scenarios and holds their figures against their bands. Runs come in chunks with a seed of their own, so that
 * the figures do not depend on how many processors shared them, and fewer runs are the beginning of many.
 */
import { betaSf, normQuantile } from "../distributions";
import { seededRandom } from "../random";
import bands from "./bands.json" with { type: "json" };
import type { Scenario } from "./scenario";
import { scenarios } from "./scenarios";

/** Acceptance of one scenario, as the specification gives it. */
export interface Band {
  readonly id: string;
  readonly what: string;
  readonly reps: number;
  readonly expected: number;
  readonly lo: number;
  readonly hi: number;
  readonly unit?: string;
}

export const CHUNK = 500;

/** Chance that a band which was widened for fewer runs is left on one side by a method that lies on the band's own edge. */
const MISS = 1e-4;

/** The scenarios with these names (with or without `oc-`), all without names. Undefined: a name that nobody has. */
export function bandsNamed(names: readonly string[]): readonly Band[] | { readonly unknown: string } {
  const all: readonly Band[] = bands.tests;
  const known = (name: string) => all.find(({ id }) => id === name || id === `oc-${name}`);
  const unknown = names.find((name) => known(name) === undefined);
  if (unknown !== undefined) return { unknown };
  return names.length === 0 ? all : all.filter((band) => names.some((name) => known(name) === band));
}

/** Runs `count` of scenario `id` that begin with run number chunk·CHUNK. */
export interface Chunk {
  readonly id: string;
  readonly chunk: number;
  readonly count: number;
}

/** The chunks of these scenarios, with at most `runs` runs of each. */
export function chunksOf(chosen: readonly Band[], runs: number): Chunk[] {
  return chosen.flatMap(({ id, reps }) => {
    const wanted = Math.min(reps, runs);
    return Array.from({ length: Math.ceil(wanted / CHUNK) }, (_, chunk) => ({
      id,
      chunk,
      count: Math.min(CHUNK, wanted - chunk * CHUNK),
    }));
  });
}

/** Sums over runs of each figure and of its square. */
export interface Tally {
  readonly count: number;
  readonly sums: readonly number[];
  readonly squares: readonly number[];
}

const NOTHING: Tally = { count: 0, sums: [], squares: [] };

/** A player keeps what a scenario prepared, so that it is computed once for all chunks. */
export function player(seed: number): (chunk: Chunk) => Tally {
  const prepared = new Map<string, ReturnType<Scenario["prepare"]>>();
  return ({ id, chunk, count }) => {
    const play = prepared.get(id) ?? scenarios[id]?.prepare();
    if (play === undefined) throw new Error(`There is no scenario ${id}.`);
    prepared.set(id, play);
    const random = seededRandom(`${seed} ${id} ${chunk}`);
    let tally = NOTHING;
    for (let run = 0; run < count; run += 1) {
      const figures = play(random);
      tally = add(tally, { count: 1, sums: figures, squares: figures.map((figure) => figure * figure) });
    }
    return tally;
  };
}

export function add(one: Tally, two: Tally): Tally {
  const both = (first: readonly number[], second: readonly number[]) =>
    second.map((value, index) => value + (first[index] ?? 0));
  if (one.count === 0) return two;
  return {
    count: one.count + two.count,
    sums: both(one.sums, two.sums),
    squares: both(one.squares, two.squares),
  };
}

/** A figure beside its band. */
export interface Figure {
  readonly id: string;
  readonly what: string;
  readonly runs: number;
  readonly observed: number;
  readonly lo: number;
  readonly hi: number;
  readonly isWithin: boolean;
}

/**
 * The figures of a scenario: that of the specification first, then those beside. With fewer runs than it asks for the
 * band is wider by what chance may add: exactly (binomial) for shares, four standard errors for means.
 */
export function figuresOf(band: Band, tally: Tally): Figure[] {
  const { id, what, reps, lo, hi } = band;
  const beside = scenarios[id]?.beside ?? [];
  const isMean = [lo, hi].some((end) => end < 0) || band.unit !== undefined;
  return [{ what, lo, hi }, ...beside].map((figure, index) => {
    const observed = (tally.sums[index] ?? 0) / tally.count;
    const ends = { lo: figure.lo, hi: figure.hi };
    const { lo: from, hi: to } =
      tally.count >= reps
        ? ends
        : index === 0 && !isMean
          ? widerShare(ends, tally.count)
          : widerMean(ends, tally, index);
    return {
      id,
      what: figure.what,
      runs: tally.count,
      observed,
      lo: from,
      hi: to,
      isWithin: from <= observed && observed <= to,
    };
  });
}

interface Ends {
  readonly lo: number;
  readonly hi: number;
}

/** The shares of `runs` that methods on the edges of the band give nearly always. */
function widerShare({ lo, hi }: Ends, runs: number): Ends {
  return { lo: binomialQuantile(MISS, runs, lo) / runs, hi: binomialQuantile(1 - MISS, runs, hi) / runs };
}

/** The smallest count with P(X ≤ count) ≥ q. */
function binomialQuantile(q: number, n: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return n;
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (betaSf(p, middle + 1, n - middle) >= q) high = middle;
    else low = middle + 1;
  }
  return low;
}

function widerMean({ lo, hi }: Ends, { count, sums, squares }: Tally, index: number): Ends {
  const mean = (sums[index] ?? 0) / count;
  const variance = Math.max(0, (squares[index] ?? 0) / count - mean * mean);
  const slack = -normQuantile(MISS) * Math.sqrt(variance / count);
  return { lo: lo - slack, hi: hi + slack };
}
