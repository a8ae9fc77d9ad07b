import { powerProportions, sampleSizeProportions } from "@/lib/statistics/power";
import { testAndRoll } from "@/lib/statistics/test-and-roll";
import type { Split } from "./allocation";
import { type Method, methods } from "./method";
import { comparedSizes, detectableEffect, methodPrice, PLANNED_POWER } from "./power";

/** What a plan asks for, in percentage points; rates only. */
export interface PlannerQuestion extends Split {
  /** Everybody who will be allocated, holdout included. */
  people: number;
  baselinePoints: number;
  /** The smallest effect worth acting on. */
  effectPoints: number;
  windowHours: number;
  method: Method;
}

/** What one method needs and can, beside the others. */
export interface MethodFigures {
  method: Method;
  /** Everybody that the split needs, so that the wanted effect is found with 80 %. */
  peopleNeeded: number;
  /** Chance of finding the wanted effect with the people there are. */
  power: number;
  /** What those people find with 80 %; null: nothing. */
  detectablePoints: number | null;
  /** The power that this method has where one look has 80 %. */
  powerForEighty: number;
}

/** `too_small`: the wanted effect is found with less than 80 %, `far_too_small`: with less than 50 %. */
export type PlannerWarning = "too_small" | "far_too_small" | "always_valid_price" | "holdout_is_control";

export interface PlannerFigures {
  methods: MethodFigures[];
  /**
   * People per variant that "test, then send the better one" would need with two variants: the size that earns most, without proof
   * (Feit & Berman 2019). Null with more variants.
   */
  testThenRoll: number | null;
  perVariant: number;
  warnings: PlannerWarning[];
}

/** Without past campaigns: how much variants usually differ, as a share of the rate they are about (stats/design.md 8). */
const PRIOR_SHARE = 0.1;

/** What every method needs and can, for the audience there is. Undefined where the wanted rate would pass 100 %. */
export function planFigures(question: PlannerQuestion): PlannerFigures | undefined {
  const { people, baselinePoints, effectPoints, holdoutBasisPoints, arms } = question;
  const p1 = baselinePoints / 100;
  const p2 = (baselinePoints + effectPoints) / 100;
  const { perControl, perVariant } = comparedSizes(question);
  if (p2 >= 1 || perControl < 1 || perVariant < 1) return undefined;
  const figures = methods.map((method) => figuresOf({ ...question, method }, { p1, p2 }));
  const chosen = figures.find(({ method }) => method === question.method);
  const audience = Math.round((people * (10_000 - holdoutBasisPoints)) / 10_000);
  const roll = testAndRoll({ audience, responseSd: Math.sqrt(p1 * (1 - p1)), priorSd: PRIOR_SHARE * p1 });
  const warnings: PlannerWarning[] = [];
  if (chosen && chosen.power < PLANNED_POWER) warnings.push(chosen.power < 0.5 ? "far_too_small" : "too_small");
  if (question.method === "always-valid") warnings.push("always_valid_price");
  if (arms.length === 1) warnings.push("holdout_is_control");
  return { methods: figures, testThenRoll: arms.length === 2 ? rounded(roll.value) : null, perVariant, warnings };
}

function figuresOf(question: PlannerQuestion, { p1, p2 }: { p1: number; p2: number }): MethodFigures {
  const { method, people, windowHours } = question;
  const { perControl, perVariant, alphaEach } = comparedSizes(question);
  const { inflation, power: powerForEighty } = methodPrice(method, { windowHours, alphaEach });
  const size = sampleSizeProportions({
    p1,
    p2,
    alpha: alphaEach,
    power: PLANNED_POWER,
    allocation: perVariant / perControl,
  });
  const design = { p1, n1: perControl / inflation, n2: perVariant / inflation, alpha: alphaEach };
  return {
    method,
    peopleNeeded: Math.ceil(((size.value?.n1 ?? 0) * inflation * people) / perControl),
    power: powerProportions(design, p2).value ?? 0,
    detectablePoints: detectableEffect(question).detectablePoints,
    powerForEighty,
  };
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));
