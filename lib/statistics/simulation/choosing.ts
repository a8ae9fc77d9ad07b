/** What choosing an arm costs and promises: test then roll out, the winner's curse, a bandit. */
import { batchedInference } from "../batched-inference";
import { chooseArm } from "../decision-rule";
import { twoSidedCritical } from "../distributions";
import type { RandomSource } from "../random";
import { drawBinomial, drawNormal } from "../random-draws";
import type { TwoArmCounts } from "../score-interval";
import { shrunkenRates } from "../shrinkage";
import { testAndRoll } from "../test-and-roll";
import { thompsonShares, weightedRate } from "../thompson";
import { ALPHA, type Scenario, share } from "./scenario";

const AUDIENCE = 100_000;
const PRIOR = { mean: 0.1, sd: 0.01 };
/** The mean of the larger of two normal rates: what a test that cost nothing would reach. */
const BEST_OF_TWO = PRIOR.mean + PRIOR.sd / Math.sqrt(Math.PI);

const within = (rate: number): number => Math.min(0.999, Math.max(0.001, rate));

/** Percent of the conversions of somebody who knew the better arm that a test of `n` per arm and a roll-out lose. */
function regret(n: number, pick: (first: number, second: number) => number, random: RandomSource): number {
  const first = within(PRIOR.mean + PRIOR.sd * drawNormal(random));
  const second = within(PRIOR.mean + PRIOR.sd * drawNormal(random));
  const chosen = pick(drawBinomial(n, first, random), drawBinomial(n, second, random)) === 0 ? first : second;
  const got = n * (first + second) + (AUDIENCE - 2 * n) * chosen;
  return (100 * (Math.max(first, second) * AUDIENCE - got)) / (BEST_OF_TWO * AUDIENCE);
}

/** The size of Feit & Berman and the rule `profit`. */
export const testThenRoll: Scenario = {
  prepare: () => {
    const responseSd = Math.sqrt(PRIOR.mean * (1 - PRIOR.mean));
    const n = Math.round(testAndRoll({ audience: AUDIENCE, responseSd, priorSd: PRIOR.sd }).value ?? 0);
    const pick = (first: number, second: number) =>
      chooseArm(
        [first, second].map((x) => ({ x, n })),
        { rule: "profit" },
      ).value?.arm ?? 0;
    return (random) => [regret(n, pick, random)];
  },
};

/** A tenth of the audience per arm, and the first arm unless the difference is significant. */
export const significanceThenRoll: Scenario = {
  prepare: () => {
    const n = 10_000;
    const rule = { rule: "significance", critical: twoSidedCritical(ALPHA) } as const;
    const pick = (first: number, second: number) =>
      chooseArm(
        [first, second].map((x) => ({ x, n })),
        rule,
      ).value?.arm ?? 0;
    return (random) => [regret(n, pick, random)];
  },
};

/** How far the shrunken rate of the arm that looked best is from its true rate, relative to the mean rate. */
export const winnersCurse: Scenario = {
  beside: [{ what: "mean relative error of the raw rate (must mislead)", lo: 0.042, hi: 0.052 }],
  prepare: () => (random) => {
    const n = 5000;
    const truths = Array.from({ length: 4 }, () => 0.05 + 0.003 * drawNormal(random));
    const arms = truths.map((rate) => ({ x: drawBinomial(n, rate, random), n }));
    const winner = chooseArm(arms, { rule: "profit" }).value?.arm ?? 0;
    const truth = truths[winner] ?? 0;
    const shrunken = shrunkenRates(arms).value?.[winner] ?? 0;
    return [(shrunken - truth) / 0.05, ((arms[winner]?.x ?? 0) / n - truth) / 0.05];
  },
};

const BANDIT = { batches: 10, people: 200, rate: 0.05, floor: 0.1 };

/** Two equal arms whose shares follow their luck. The batched statistic must hold its level, the weighted rate the truth. */
export const movingShares: Scenario = {
  beside: [
    { what: "the unpooled test on summed counts (must err)", lo: 0.09, hi: 0.11 },
    { what: "relative bias of an arm's plain rate (must mislead)", lo: -0.07, hi: -0.03 },
    { what: "relative bias of its weighted rate", lo: -0.015, hi: 0.015 },
  ],
  prepare: () => playBandit,
};

function playBandit(random: RandomSource): readonly number[] {
  const { people, rate, floor } = BANDIT;
  const total = { xc: 0, nc: 0, xt: 0, nt: 0 };
  const batches = [];
  const shown = [];
  for (let batch = 0; batch < BANDIT.batches; batch += 1) {
    const soFar = [
      { x: total.xc, n: total.nc },
      { x: total.xt, n: total.nt },
    ];
    const shareC = thompsonShares(soFar, floor).value?.[0] ?? 0.5;
    const nc = Math.min(people - 2, Math.max(2, drawBinomial(people, shareC, random)));
    const nt = people - nc;
    const counts = { xc: drawBinomial(nc, rate, random), nc, xt: drawBinomial(nt, rate, random), nt };
    batches.push(counts);
    shown.push({ x: counts.xc, n: nc, share: shareC });
    for (const key of ["xc", "nc", "xt", "nt"] as const) total[key] += counts[key];
  }
  const batched = batchedInference(batches).value;
  const weighted = weightedRate(shown).value ?? 0;
  return [
    share((batched?.p ?? 1) < ALPHA),
    share(Math.abs(waldZ(total)) > twoSidedCritical(ALPHA)),
    total.xc / total.nc / rate - 1,
    weighted / rate - 1,
  ];
}

/** What other tools show. Not ours to offer: it is here to be seen erring. */
function waldZ({ xc, nc, xt, nt }: TwoArmCounts): number {
  const pc = xc / nc;
  const pt = xt / nt;
  const variance = (pc * (1 - pc)) / nc + (pt * (1 - pt)) / nt;
  return variance > 0 ? (pt - pc) / Math.sqrt(variance) : 0;
}
