/**
 * Reference cases against the product's own functions; shared by the tests and by the command `oracle`. What a case is and
 * when an answer passes: oracle-case.ts. Which function answers it: oracle-answers.ts.
 */
import { compareMeans } from "./compare-means";
import { type Moments, momentsFromSums } from "./moments";
import { type Answer, answers, ratioArm } from "./oracle-answers";
import { OracleFileError, type OracleInput } from "./oracle-case";
import type { Outcome } from "./outcome";
import { ratioMoments } from "./ratio-metric";

/** Names ending in these start from sums or moments of the two arms, "c" and "t", instead of from estimates. */
const SUFFIX = /^(.+?)(Relative)?From(Sums|Moments|RatioSums)$/;

/** Our answer to a case; throws OracleFileError for a name that nobody here knows or an input that lacks a value. */
export function answer(fn: string, input: OracleInput): Answer {
  if (Object.hasOwn(answers, fn)) return answers[fn]?.(input) ?? {};
  const [, base = "", relative, source] = SUFFIX.exec(fn) ?? [];
  if (base === "compareRatios" && source === "Sums") return answers.compareRatios?.(input) ?? {};
  const build = source === "Sums" ? sumsArm : source === "Moments" ? momentsArm : ratioMomentsArm;
  const isKnown = source !== undefined && ["compareMeans", "mixtureInterval", "bayesEffect"].includes(base);
  if (!isKnown) throw new OracleFileError(`unknown function ${fn}`);
  const c = build(input.nested("c"));
  const t = build(input.nested("t"));
  const compared = c.value && t.value ? compareMeans(c.value, t.value, input.number("alpha")).value : null;
  if (c.value === null || t.value === null || compared === null) return {};
  if (base === "compareMeans") return { ...compared };
  const estimate = relative ? compared.lift : compared.diff;
  const se = relative ? compared.deltaSe : compared.se;
  if (estimate === null || se === null) return {};
  if (base === "bayesEffect") return answers.bayesEffect?.(input.with({ mean: estimate, sd: se })) ?? {};
  const infoFraction = (c.value.n + t.value.n) / input.number("tuningN");
  return { ...compared, ...answers.mixtureInterval?.(input.with({ estimate, se, infoFraction })) };
}

const sumsArm = (arm: OracleInput): Outcome<Moments> =>
  momentsFromSums({ n: arm.number("n"), sum: arm.number("sum"), sumSquares: arm.number("sumSquares") });

const momentsArm = (arm: OracleInput): Outcome<Moments> => ({
  value: { n: arm.number("n"), mean: arm.number("mean"), variance: arm.number("variance") },
  reason: null,
});

function ratioMomentsArm(arm: OracleInput): Outcome<Moments> {
  const sums = ratioArm(arm);
  return sums.value === null ? sums : ratioMoments(sums.value);
}
