/** Looking more than once: by habit (which errs), and with the methods that pay for it. */
import { alwaysValidP } from "../always-valid";
import { compareMeans } from "../compare-means";
import { testProportions } from "../compare-proportions";
import { type Boundary, groupSequential, type Spending } from "../group-sequential";
import { harmonicClock, oddsClock, varianceClock } from "../information";
import { momentsFromSums } from "../moments";
import { sum } from "../quadrature";
import type { RandomSource } from "../random";
import { drawBinomial, drawLogNormal } from "../random-draws";
import type { TwoArmCounts } from "../score-interval";
import { ALPHA, type Scenario, share } from "./scenario";

/** Counts at a look, and how much of the planned information has come in. */
interface Look {
  readonly counts: TwoArmCounts;
  readonly infoFraction: number;
}

/** A campaign as it grows, look after look. */
type Course = (random: RandomSource) => Iterable<Look>;

/** People enter evenly over the looks; `perArm` is what each arm has at look 1 … K. */
export const drip = (rates: { pc: number; pt: number }, perArm: readonly number[]): Course =>
  function* (random) {
    const clock = (n: number) => harmonicClock(n, n).value ?? 0;
    const planned = clock(perArm.at(-1) ?? 0);
    let before = 0;
    let xc = 0;
    let xt = 0;
    for (const n of perArm) {
      xc += drawBinomial(n - before, rates.pc, random);
      xt += drawBinomial(n - before, rates.pt, random);
      before = n;
      yield { counts: { xc, nc: n, xt, nt: n }, infoFraction: clock(n) / planned };
    }
  };

/** Equal steps to `total` contacts in each arm. */
export const evenly = (total: number, looks: number): number[] =>
  Array.from({ length: looks }, (_, index) => Math.round((total * (index + 1)) / looks));

const BLAST = { perArm: 10_000, final: 0.15, meanHours: 18, windowHours: 72 };
const blastOdds = BLAST.final / (1 - BLAST.final);

/** Share of all outcomes that have happened by then: exponential times, cut at the window. */
const happenedBy = (hours: number): number =>
  -Math.expm1(-hours / BLAST.meanHours) / -Math.expm1(-BLAST.windowHours / BLAST.meanHours);

/** Everybody written to at once; outcomes accumulate, alike in both arms. The clock is the pooled odds. */
export const blast = (hours: readonly number[]): Course =>
  function* (random) {
    let rate = 0;
    const x = { c: 0, t: 0 };
    for (const hour of hours) {
      const next = BLAST.final * happenedBy(hour);
      const chance = (next - rate) / (1 - rate);
      for (const arm of ["c", "t"] as const) x[arm] += drawBinomial(BLAST.perArm - x[arm], chance, random);
      rate = next;
      const odds = oddsClock([x.c, x.t].map((count) => ({ x: count, n: BLAST.perArm }))).value ?? 0;
      yield {
        counts: { xc: x.c, nc: BLAST.perArm, xt: x.t, nt: BLAST.perArm },
        infoFraction: odds / blastOdds,
      };
    }
  };

export const everyHundredth = Array.from({ length: 100 }, (_, index) => (BLAST.windowHours * (index + 1)) / 100);
export const BLAST_LOOKS = [3.6, 7.2, 18, 36, 72];

/** What the odds clock is planned to read at those hours, as shares of the end. */
export const plannedOdds = (hours: readonly number[]): number[] =>
  hours.map((hour) => {
    const rate = BLAST.final * happenedBy(hour);
    return rate / (1 - rate) / blastOdds;
  });

/** The habit: the test for one look, made at every look. */
export const peeking = (course: Course): Scenario => ({
  prepare: () => (random) => {
    for (const { counts } of course(random)) if ((testProportions(counts).value?.p ?? 1) < ALPHA) return [1];
    return [0];
  },
});

export const alwaysValid = (course: Course): Scenario => ({
  prepare: () => (random) => {
    for (const { counts, infoFraction } of course(random)) {
      const z = testProportions(counts).value?.zScore ?? 0;
      if (infoFraction > 0 && (alwaysValidP(z, infoFraction, ALPHA).value ?? 1) < ALPHA) return [1];
    }
    return [0];
  },
});

const boundariesAt = (fractions: readonly number[], spending: Spending): readonly Boundary[] =>
  groupSequential(
    fractions.map((fraction) => ({ spendTime: fraction, information: fraction })),
    ALPHA,
    spending,
  ).value ?? [];

/** Planned looks at these shares of the information; `size`: how many contacts a run used on average until it stopped. */
export const plannedLooks = (
  course: Course,
  {
    fractions,
    spending,
    size,
  }: { fractions: readonly number[]; spending: Spending; size?: { lo: number; hi: number } },
): Scenario => ({
  ...(size && { beside: [{ what: "mean contacts until the stop", ...size }] }),
  prepare: () => {
    const boundaries = boundariesAt(fractions, spending);
    return (random) => {
      let used = 0;
      let look = 0;
      for (const { counts } of course(random)) {
        used = counts.nc + counts.nt;
        const z = testProportions(counts).value?.zScore ?? 0;
        if (Math.abs(z) >= (boundaries[look]?.crit ?? Number.POSITIVE_INFINITY)) return size ? [1, used] : [1];
        look += 1;
      }
      return size ? [0, used] : [0];
    };
  },
});

const REVENUE = { perArm: 10_000, buyers: 0.02, at: [0.1, 0.25, 0.5, 0.75, 1] };

/**
 * Revenue in a blast: orders come evenly over the window, so the variance of the difference, its clock, grows evenly too. Welch's
 * p at each look against the boundary's nominal p.
 */
export const revenueLooks: Scenario = {
  beside: [{ what: "what the clock reads at half the window, of the end", lo: 0.48, hi: 0.52 }],
  prepare: () => {
    const boundaries = boundariesAt(REVENUE.at, "obf");
    return (random) => {
      const arms = [drawOrders(random), drawOrders(random)];
      const looks = REVENUE.at.map((at) => {
        const [c, t] = arms.map((orders) => momentsUntil(at, orders));
        return c && t ? compareMeans(c, t, ALPHA).value : null;
      });
      const isStopped = looks.some((look, n) => look !== null && look.p <= (boundaries[n]?.nominalP ?? 0));
      const [half = 0, end = 1] = [looks[2], looks[4]].map((look) => varianceClock(look?.se ?? 0).value ?? 0);
      return [share(isStopped), half / end];
    };
  },
};

interface Order {
  readonly at: number;
  readonly value: number;
}

const drawOrders = (random: RandomSource): Order[] =>
  Array.from({ length: drawBinomial(REVENUE.perArm, REVENUE.buyers, random) }, () => ({
    at: random(),
    value: drawLogNormal(3, 1, random),
  }));

function momentsUntil(at: number, orders: readonly Order[]) {
  const values = orders.filter((order) => order.at <= at).map(({ value }) => value);
  const total = sum(values);
  const sumSquares = sum(values.map((value) => value * value));
  return momentsFromSums({ n: REVENUE.perArm, sum: total, sumSquares }).value;
}
