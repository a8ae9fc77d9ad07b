/** One planned look: errors, coverage, power, and what bad habits cost. */
import { compareProportions, testProportions } from "../compare-proportions";
import { compareRevenue, DEFAULT_CAP } from "../compare-revenue";
import { cuped } from "../cuped";
import { deliveryBalance, effectPerDeliverable } from "../delivery-balance";
import { coMomentsFromPairs } from "../moments";
import type { RandomSource } from "../random";
import { drawBinomial, drawLogNormal, drawNormal } from "../random-draws";
import type { TwoArmCounts } from "../score-interval";
import { ALPHA, type Scenario, share } from "./scenario";

interface Rates {
  readonly pc: number;
  readonly pt: number;
  readonly nc: number;
  readonly nt: number;
}

const drawCounts = ({ pc, pt, nc, nt }: Rates, random: RandomSource): TwoArmCounts => ({
  xc: drawBinomial(nc, pc, random),
  nc,
  xt: drawBinomial(nt, pt, random),
  nt,
});

const isRejected = (counts: TwoArmCounts): boolean => (testProportions(counts).value?.p ?? 1) < ALPHA;

/** How often the test says "different": its error without an effect, its power with one. */
export const rejection = (rates: Rates): Scenario => ({
  prepare: () => (random) => [share(isRejected(drawCounts(rates, random)))],
});

/** How often the 95 % score interval contains the truth. Counts repeat, intervals are dear: each is computed once. */
export const coverage = (rates: Rates, of: "difference" | "ratio"): Scenario => ({
  prepare: () => {
    const known = new Map<string, number>();
    const covers = (counts: TwoArmCounts): number => {
      const { value } = compareProportions(counts, ALPHA);
      if (value === null) return 0;
      const truth = of === "difference" ? rates.pt - rates.pc : rates.pt / rates.pc;
      const [lo, hi] = of === "difference" ? [value.scoreLo, value.scoreHi] : [value.ratioLo, value.ratioHi];
      return share(lo <= truth && truth <= hi);
    };
    return (random) => {
      const counts = drawCounts(rates, random);
      const key = `${counts.xc} ${counts.xt}`;
      const covered = known.get(key) ?? covers(counts);
      known.set(key, covered);
      return [covered];
    };
  },
});

/** Revenue without an effect, a small control and few buyers: what Welch's t gets wrong in one of six. */
export const revenueByPermutation: Scenario = {
  prepare: () => (random) => {
    const arm = (n: number) => ({
      n,
      values: Array.from({ length: drawBinomial(n, 0.02, random) }, () => drawLogNormal(3.5, 1.2, random)),
    });
    const compared = compareRevenue(arm(500), arm(4500), { alpha: ALPHA, cap: DEFAULT_CAP, random });
    return [share((compared.value?.p ?? 1) <= ALPHA)];
  },
};

const CUPED_ARM = 1000;

/** A covariate that knows 60 % of the outcome, and no effect. */
export const adjustedForPast: Scenario = {
  beside: [{ what: "mean variance reduction", lo: 0.35, hi: 0.37 }],
  prepare: () => (random) => {
    const arm = () =>
      coMomentsFromPairs(
        Array.from({ length: CUPED_ARM }, () => {
          const x = drawNormal(random);
          return { x, y: 0.6 * x + 0.8 * drawNormal(random) };
        }),
      ).value;
    const c = arm();
    const t = arm();
    const adjusted = c && t ? cuped(c, t, ALPHA).value : null;
    return [share((adjusted?.p ?? 1) < ALPHA), adjusted?.varReduction ?? 0];
  },
};

/**
 * The treatment loses delivery to cold people (0.9 → 0.7 in their half) and changes nothing else. Per delivered message it looks
 * better; by assignment it is worse. The balance check must fire and no effect per deliverable message may be given.
 */
export const deliveryDiffers: Scenario = {
  beside: [
    { what: "mean lift by assignment", lo: -0.043, hi: -0.029 },
    { what: "mean lift per delivered (must mislead)", lo: 0.073, hi: 0.097 },
  ],
  prepare: () => (random) => {
    const half = 5000;
    const arm = (coldDelivered: number) => {
      const cold = drawBinomial(half, coldDelivered, random);
      const warm = drawBinomial(half, 0.9, random);
      return { delivered: cold + warm, x: drawBinomial(cold, 0.02, random) + drawBinomial(warm, 0.1, random) };
    };
    const c = arm(0.9);
    const t = arm(0.7);
    const assigned = 2 * half;
    const balance = deliveryBalance(
      [c, t].map(({ delivered }) => ({ assigned, delivered, failuresByCode: { "131049": assigned - delivered } })),
    );
    const outcomes = {
      counts: { xc: c.x, nc: assigned, xt: t.x, nt: assigned },
      delivered: { c: c.delivered, t: t.delivered },
      deliveredWithOutcome: { c: c.x, t: t.x },
    };
    const isStopped = effectPerDeliverable(outcomes, ALPHA).reason === "deliveryUnbalanced";
    const lift = compareProportions(outcomes.counts, ALPHA).value?.lift ?? 0;
    return [share(balance.value?.biased === true && isStopped), lift, t.x / t.delivered / (c.x / c.delivered) - 1];
  },
};
