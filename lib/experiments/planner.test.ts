import { describe, expect, it } from "vitest";
import type { Method } from "./method";
import { type PlannerQuestion, planFigures } from "./planner";
import { methodPrice } from "./power";

const two = [
  { key: "A", weight: 5_000 },
  { key: "B", weight: 5_000 },
];
/** 0.10 → 0.12 needs 3,841 people in each of two variants. */
const question: PlannerQuestion = {
  arms: two,
  holdoutBasisPoints: 0,
  people: 7_682,
  baselinePoints: 10,
  effectPoints: 2,
  windowHours: 168,
  method: "looks",
};
const figures = (change: Partial<PlannerQuestion> = {}) => {
  const value = planFigures({ ...question, ...change });
  if (!value) throw new Error("no figures");
  return value;
};
const of = (method: Method, change: Partial<PlannerQuestion> = {}) => {
  const found = figures(change).methods.find((one) => one.method === method);
  if (!found) throw new Error(`no ${method}`);
  return found;
};

describe("planner", () => {
  it("one look needs what the textbook says, four looks two in a hundred more, any day most", () => {
    expect(of("fixed").peopleNeeded).toBe(7_682);
    expect(of("fixed").power).toBeCloseTo(0.8, 3);
    expect(of("looks").peopleNeeded / 7_682).toBeCloseTo(1.019, 2);
    expect(of("always-valid").peopleNeeded / 7_682).toBeGreaterThan(1.6);
  });

  it("the price of each method is the power that is left where one look has 80 %", () => {
    expect(of("fixed").powerForEighty).toBe(0.8);
    expect(of("looks").powerForEighty).toBeCloseTo(0.792, 2);
    expect(of("always-valid", { windowHours: 90 * 24 }).powerForEighty).toBeCloseTo(0.5, 1);
    expect(methodPrice("looks", { windowHours: 168, alphaEach: 0.05 }).meanInformation).toBeLessThan(0.85);
  });

  it("the people it asks for find the effect with 80 %, whatever the method and the split", () => {
    const splits = [
      { arms: two, holdoutBasisPoints: 1_000 },
      {
        arms: [
          { key: "A", weight: 1_000 },
          { key: "B", weight: 9_000 },
        ],
        holdoutBasisPoints: 0,
      },
      { arms: [...two, { key: "C", weight: 5_000 }], holdoutBasisPoints: 500 },
      { arms: [{ key: "A", weight: 1 }], holdoutBasisPoints: 2_000 },
    ];
    for (const split of splits)
      for (const method of ["looks", "always-valid", "fixed"] as const) {
        const { peopleNeeded } = of(method, split);
        const enough = of(method, { ...split, people: peopleNeeded });
        expect(enough.power).toBeCloseTo(0.8, 2);
        expect(enough.detectablePoints).toBeCloseTo(2, 1);
      }
  });

  it("says in codes what is wrong with the chosen method and audience", () => {
    expect(figures({ people: 20_000 }).warnings).toEqual([]);
    expect(figures({ people: 5_000 }).warnings).toEqual(["too_small"]);
    expect(figures({ people: 1_000 }).warnings).toEqual(["far_too_small"]);
    expect(figures({ people: 50_000, method: "always-valid" }).warnings).toEqual(["always_valid_price"]);
    const alone = { arms: [{ key: "A", weight: 1 }], holdoutBasisPoints: 5_000, people: 50_000 };
    expect(figures(alone).warnings).toEqual(["holdout_is_control"]);
  });

  it("the size that earns most is far below the size that proves, for two variants only", () => {
    // Feit & Berman's example: 100,000 people, rates around 0.10 that differ by 0.01.
    expect(figures({ people: 100_000 }).testThenRoll).toBe(4_116);
    expect(figures({ arms: [...two, { key: "C", weight: 1 }] }).testThenRoll).toBeNull();
  });

  it("asks nothing of nobody, nor for more than everybody", () => {
    expect(planFigures({ ...question, people: 0 })).toBeUndefined();
    expect(planFigures({ ...question, baselinePoints: 99, effectPoints: 2 })).toBeUndefined();
  });
});
