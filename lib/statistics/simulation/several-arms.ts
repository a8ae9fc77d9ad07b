/** Several comparisons at once, and whether the arms have the sizes that were planned. */
import { testProportions } from "../compare-proportions";
import { dunnett, holm } from "../multiplicity";
import type { RandomSource } from "../random";
import { drawBinomial } from "../random-draws";
import { srm, srmSequential } from "../sample-ratio";
import { omnibus } from "../tables";
import { ALPHA, type Scenario, share } from "./scenario";

const ARMS = { count: 4, n: 5000, p: 0.05 };

const drawArms = (random: RandomSource): number[] =>
  Array.from({ length: ARMS.count }, () => drawBinomial(ARMS.n, ARMS.p, random));

const test = (xc: number, xt: number) => testProportions({ xc, nc: ARMS.n, xt, nt: ARMS.n }).value;

/** Three variants like their control. Dunnett's p is below α exactly where |z| exceeds his critical value. */
export const withControl: Scenario = {
  prepare: () => {
    const family = dunnett(
      Array.from({ length: ARMS.count - 1 }, () => ({ z: 0, n: ARMS.n })),
      ARMS.n,
      ALPHA,
    );
    const critical = family.value?.crit ?? Number.POSITIVE_INFINITY;
    return (random) => {
      const [control = 0, ...others] = drawArms(random);
      return [share(others.some((x) => Math.abs(test(control, x)?.zScore ?? 0) > critical))];
    };
  },
};

export const allPairs: Scenario = {
  prepare: () => (random) => {
    const arms = drawArms(random);
    const pValues = arms.flatMap((xt, index) => arms.slice(0, index).map((xc) => test(xc, xt)?.p ?? 1));
    return [share((holm(pValues).value ?? []).some((p) => p < ALPHA))];
  },
};

export const allAlike: Scenario = {
  prepare: () => (random) => {
    const table = drawArms(random).map((x) => ({ x, n: ARMS.n }));
    return [share((omnibus(table).value?.p ?? 1) < ALPHA)];
  },
};

const halves = (first: number, total: number) => [
  { observed: first, weight: 1 },
  { observed: total - first, weight: 1 },
];

export const splitOnce: Scenario = {
  prepare: () => (random) => [share(srm(halves(drawBinomial(10_000, 0.5, random), 10_000)).value?.alarm === true)],
};

/** 100 looks at a split that sends `first` of all people to the first arm; alarm below 0.001 at any of them. */
export const splitWatched = (first: number): Scenario => ({
  prepare: () => (random) => {
    let x = 0;
    for (let total = 200; total <= 20_000; total += 200) {
      x += drawBinomial(200, first, random);
      if ((srmSequential(halves(x, total)).value?.p ?? 1) < 0.001) return [1];
    }
    return [0];
  },
});
