/** Which function of ours answers a reference case of that name, one entry each. */
import { alwaysValidP, mixtureBoundary, mixtureInterval } from "./always-valid";
import { batchedInference } from "./batched-inference";
import { bayesEffect, bayesMeans, bayesProportions } from "./bayes";
import { compareMeans } from "./compare-means";
import { compareProportions } from "./compare-proportions";
import { cuped } from "./cuped";
import * as kernel from "./distributions";
import { fisherExact } from "./fisher";
import { groupSequential } from "./group-sequential";
import { powerOfLooks } from "./looks-power";
import { type CoMoments, coMomentsFromPairs, coMomentsFromSums } from "./moments";
import { benjaminiHochberg, dunnett, holm } from "./multiplicity";
import type { OracleInput } from "./oracle-case";
import type { Outcome } from "./outcome";
import * as planning from "./power";
import { proportionInterval } from "./proportion-interval";
import { compareRatios, ratioMetric } from "./ratio-metric";
import { restrictedTime } from "./response-time";
import { srm, srmSequential } from "./sample-ratio";
import type { TwoArmCounts } from "./score-interval";
import { cmh, homogeneity, postStratified } from "./strata";
import { omnibus } from "./tables";
import { testAndRoll } from "./test-and-roll";
import { DEFAULT_FLOOR, thompsonShares, weightedRate } from "./thompson";
import { winsorize } from "./winsorize";

/** What our function answered, by the names of the case; undefined = not computed. */
export type Answer = Readonly<Record<string, unknown>>;

/** Fisher's p is part of a case up to this many successes; beyond, the exact test costs too much to be asked for. */
const MOST_FISHER_SUCCESSES = 300_000;

/** By the name of the case; each throws OracleFileError for an input that lacks a value. */
export const answers: Readonly<Record<string, (input: OracleInput) => Answer>> = {
  normCdf: (input) => ({ p: kernel.normCdf(input.number("z")) }),
  normSf: (input) => ({ p: kernel.normSf(input.number("z")) }),
  normQuantile: (input) => ({ z: kernel.normQuantile(input.number("p")) }),
  chi2Sf: (input) => ({ p: kernel.chi2Sf(input.number("x"), input.number("df")) }),
  betaCdf: (input) => ({ p: kernel.betaCdf(input.number("x"), input.number("a"), input.number("b")) }),
  betaSf: (input) => ({ p: kernel.betaSf(input.number("x"), input.number("a"), input.number("b")) }),
  betaQuantile: (input) => ({ x: kernel.betaQuantile(input.number("p"), input.number("a"), input.number("b")) }),
  tSf: (input) => ({ p: kernel.tSf(input.number("t"), input.number("df")) }),
  tQuantile: (input) => ({ t: kernel.tQuantile(input.number("p"), input.number("df")) }),

  proportionInterval: (input) =>
    fieldsOf(proportionInterval(input.number("x"), input.number("n"), input.number("alpha"))),
  compareProportions: (input) => {
    const counts = {
      xc: input.number("xc"),
      nc: input.number("nc"),
      xt: input.number("xt"),
      nt: input.number("nt"),
    };
    const { value } = compareProportions(counts, input.number("alpha"));
    const hasFisher = value !== null && counts.xc + counts.xt <= MOST_FISHER_SUCCESSES;
    return hasFisher ? { ...value, pFisher: fisherExact(counts).p } : { ...value };
  },

  omnibus: (input) => fieldsOf(omnibus(input.rows(["x", "n"]).map(([x, n]) => ({ x, n })))),
  srm: (input) => fieldsOf(srm(armShares(input))),
  srmSequential: (input) => fieldsOf(srmSequential(armShares(input), input.number("concentration", 100))),
  cmh: (input) => fieldsOf(cmh(twoArmRows(input))),
  postStratified: (input) => fieldsOf(postStratified(twoArmRows(input), input.number("alpha"))),
  homogeneity: (input) => fieldsOf(homogeneity(twoArmRows(input))),
  restrictedTime: (input) => {
    const { value } = restrictedTime({ n: input.number("n"), times: input.numbers("times") }, input.number("limit"));
    return value === null ? {} : { ...value.moments, answered: value.answered, medianOfAnswers: value.medianOfAnswers };
  },
  thompsonShares: (input) => ({
    shares: thompsonShares(
      input.rows(["x", "n"]).map(([x, n]) => ({ x, n })),
      input.number("floor", DEFAULT_FLOOR),
    ).value,
  }),
  weightedRate: (input) => {
    const shares = input.numbers("share");
    const batches = input.rows(["x", "n"]).map(([x, n], batch) => ({ x, n, share: shares[batch] ?? 0 }));
    return { rate: weightedRate(batches).value };
  },
  powerOfLooks: (input) =>
    fieldsOf(
      powerOfLooks(
        input.rows(["information", "crit"]).map(([information, crit]) => ({ information, crit })),
        input.number("drift"),
      ),
    ),
  batchedInference: (input) => fieldsOf(batchedInference(twoArmRows(input))),

  holm: (input) => adjusted(holm(input.numbers("p"))),
  benjaminiHochberg: (input) => adjusted(benjaminiHochberg(input.numbers("p"))),
  dunnett: (input) =>
    fieldsOf(
      dunnett(
        input.rows(["z", "n"]).map(([z, n]) => ({ z, n })),
        input.number("nControl"),
        input.number("alpha"),
      ),
    ),

  compareMeans: (input) => {
    const arm = (suffix: "C" | "T") => ({
      n: input.number(`n${suffix}`),
      mean: input.number(`mean${suffix}`),
      variance: input.number(`sd${suffix}`) ** 2,
    });
    return fieldsOf(compareMeans(arm("C"), arm("T"), input.number("alpha")));
  },
  ratioMetric: (input) => {
    const pairs = coMomentsFromPairs(input.rows(["numerator", "denominator"]).map(([y, x]) => ({ y, x })));
    return pairs.value === null ? {} : fieldsOf(ratioMetric(pairs.value));
  },
  compareRatios: (input) => {
    const c = ratioArm(input.nested("c"));
    const t = ratioArm(input.nested("t"));
    return c.value === null || t.value === null ? {} : fieldsOf(compareRatios(c.value, t.value, input.number("alpha")));
  },
  cuped: (input) => {
    const arm = (y: string, x: string) =>
      coMomentsFromPairs(input.rows([y, x]).map(([first, second]) => ({ y: first, x: second })));
    const c = arm("yC", "xC");
    const t = arm("yT", "xT");
    return c.value === null || t.value === null ? {} : fieldsOf(cuped(c.value, t.value, input.number("alpha")));
  },
  winsorize: (input) => {
    const arms = input.lists("arms").map((values) => ({ n: values.length, values }));
    const { value } = winsorize(arms, input.number("prob"));
    if (value === null) return {};
    return {
      cap: value.cap,
      means: value.arms.map((arm) => arm.mean),
      sds: value.arms.map((arm) => arm.sd),
      capped: value.arms.map((arm) => arm.capped),
    };
  },

  sampleSizeProportions: (input) =>
    fieldsOf(
      planning.sampleSizeProportions({
        p1: input.number("p1"),
        p2: input.number("p2"),
        alpha: input.number("alpha"),
        power: input.number("power"),
        allocation: input.number("allocation", 1),
      }),
    ),
  powerProportions: (input) => ({ power: planning.powerProportions(design(input), input.number("p2")).value }),
  mdeProportions: (input) => ({ mde: planning.mdeProportions(design(input), input.number("power")).value }),
  sampleSizeMeans: (input) => ({
    n: planning.sampleSizeMeans({
      sd: input.number("sd"),
      delta: input.number("delta"),
      alpha: input.number("alpha"),
      power: input.number("power"),
    }).value,
  }),
  powerMeansLift: (input) =>
    fieldsOf(
      planning.powerMeansLift({
        mean: input.number("mean"),
        sd: input.number("sd"),
        lift: input.number("lift"),
        nPerArm: input.number("nPerArm"),
        alpha: input.number("alpha"),
      }),
    ),
  testAndRoll: (input) => ({
    nPerArm: testAndRoll({
      audience: input.number("audience"),
      responseSd: input.number("responseSd"),
      priorSd: input.number("priorSd"),
    }).value,
  }),

  groupSequential: (input) => {
    const looks = input
      .rows(["spendTime", "information"])
      .map(([spendTime, information]) => ({ spendTime, information }));
    const spending = input.text("spending") === "pocock" ? "pocock" : "obf";
    const boundaries = groupSequential(looks, input.number("alpha"), spending).value ?? [];
    return {
      crit: boundaries.map(({ crit }) => crit),
      cumAlpha: boundaries.map(({ cumAlpha }) => cumAlpha),
      nominalP: boundaries.map(({ nominalP }) => nominalP),
    };
  },
  mixtureBoundary: (input) => {
    const looks = input.numbers("infoFraction").map((tau) => mixtureBoundary(tau, input.number("alpha")).value);
    return { r: looks[0]?.r, z: looks.map((look) => look?.z) };
  },
  mixtureInterval: (input) => ({
    ...fieldsOf(
      mixtureInterval(
        { estimate: input.number("estimate"), se: input.number("se") },
        input.number("infoFraction"),
        input.number("alpha"),
      ),
    ),
    alwaysValidP: alwaysValidP(
      input.number("estimate") / input.number("se"),
      input.number("infoFraction"),
      input.number("alpha"),
    ).value,
  }),
  alwaysValidP: (input) => {
    const p = input.rows(["z", "infoFraction"]).map(([z, tau]) => alwaysValidP(z, tau, input.number("alpha")).value);
    return { p, running: p.map((_, look) => Math.min(...p.slice(0, look + 1).map((value) => value ?? 1))) };
  },

  bayesProportions: (input) => {
    const arms = input.rows(["x", "n"]).map(([x, n]) => ({ x, n }));
    const prior = { a: input.number("priorA", 1), b: input.number("priorB", 1) };
    const { value } = bayesProportions(arms, prior, input.number("alpha"));
    if (value === null) return {};
    return {
      postMean: value.arms.map((arm) => arm.postMean),
      probBest: value.arms.map((arm) => arm.probBest),
      expectedLoss: value.arms.map((arm) => arm.expectedLoss),
      expectedMax: value.expectedMax,
      lo: value.arms.map((arm) => arm.lo),
      hi: value.arms.map((arm) => arm.hi),
    };
  },
  bayesMeans: (input) => {
    const arms = bayesMeans(input.rows(["mean", "se"]).map(([mean, se]) => ({ mean, se }))).value ?? [];
    return { probBest: arms.map((arm) => arm.probBest), expectedLoss: arms.map((arm) => arm.expectedLoss) };
  },
  bayesEffect: (input) => {
    const prior = input.has("priorVariance")
      ? { mean: input.number("priorMean", 0), variance: input.number("priorVariance") }
      : undefined;
    const estimate = { mean: input.number("mean"), sd: input.number("sd") };
    return fieldsOf(bayesEffect(estimate, input.number("alpha", 0.05), prior));
  },
};

const fieldsOf = <T extends object>(outcome: Outcome<T>): Answer => ({ ...outcome.value });

function adjusted(outcome: Outcome<number[]>): Answer {
  const p = outcome.value ?? [];
  return { adjusted: p, "rejectedAt0.05": p.filter((value) => value <= 0.05).length };
}

const armShares = (input: OracleInput) =>
  input.rows(["observed", "weights"]).map(([observed, weight]) => ({ observed, weight }));

const design = (input: OracleInput): planning.ProportionDesign => ({
  p1: input.number("p1"),
  n1: input.number("n1"),
  n2: input.number("n2"),
  alpha: input.number("alpha"),
});

function twoArmRows(input: OracleInput): TwoArmCounts[] {
  const controls = input.rows(["xc", "nc"]);
  const treatments = input.rows(["xt", "nt"]);
  return controls.map(([xc, nc], index) => {
    const [xt, nt] = treatments[index] ?? [Number.NaN, Number.NaN];
    return { xc, nc, xt, nt };
  });
}

/** An arm of a ratio metric, from its sums. */
export const ratioArm = (arm: OracleInput): Outcome<CoMoments> =>
  coMomentsFromSums({
    n: arm.number("n"),
    sumY: arm.number("numSum"),
    sumYY: arm.number("numSumSquares"),
    sumX: arm.number("denSum"),
    sumXX: arm.number("denSumSquares"),
    sumXY: arm.number("sumProducts"),
  });
