import { describe, expect, test } from "vitest";
import { analyse } from "./analyse";
import { metricTable } from "./metric-table";
import { returnWord } from "./return-word";
import { arm, examplePlan, facts } from "./testing/facts";

const record = analyse(
  facts(
    [
      arm("A", 10_000, { converted: 500, clicked: 900, replied: 100, optedOut: 40, failed: 60, delivered: 9_500 }),
      arm("B", 10_000, { converted: 720, clicked: 1_500, replied: 104, optedOut: 45, failed: 70, delivered: 9_400 }),
      arm("holdout", 2_000, { converted: 60 }),
    ],
    { plan: { ...examplePlan, holdoutBasisPoints: 909 } },
  ),
);
const rowOf = (metric: string, denominator?: "delivered") =>
  metricTable(record, denominator).find((row) => row.metric === metric);

describe("the table of metrics", () => {
  test("the primary row says exactly what the record decided", () => {
    expect(rowOf("conversion")?.differences).toEqual([
      { key: "B", ...record.comparisons[0]?.difference, word: "better", guardrail: null },
    ]);
  });

  test("limits come as they were judged, without a word of better or worse", () => {
    const [limit] = rowOf("optOut")?.differences ?? [];
    expect(limit).toMatchObject({ word: null, guardrail: { limit: 0.005, status: "inside" } });
  });

  test("every rate has its interval and its denominator, which is everybody assigned", () => {
    for (const { cells } of metricTable(record))
      for (const { rate, count, total, interval } of cells) {
        expect(rate).toBe(count / total);
        expect(interval?.lower).toBeLessThanOrEqual(rate ?? -1);
        expect(interval?.upper).toBeGreaterThanOrEqual(rate ?? 2);
        expect([10_000, 2_000]).toContain(total);
      }
  });

  test("people who were sent nothing are not counted as people who did not click", () => {
    expect(rowOf("click")?.cells.map(({ key }) => key)).toEqual(["A", "B"]);
    expect(rowOf("conversion")?.cells.map(({ key }) => key)).toEqual(["A", "B", "holdout"]);
  });

  test("other metrics orient by their whole interval", () => {
    expect(rowOf("click")?.differences[0]?.word).toBe("better");
    expect(rowOf("reply")?.differences[0]?.word).toBe("unclear");
  });

  test("by delivered only the denominator changes, and nothing decides", () => {
    const row = rowOf("conversion", "delivered");
    expect(row?.cells.map(({ total }) => total)).toEqual([9_500, 9_400]);
    expect(row?.differences.every(({ word, guardrail }) => word === null && guardrail === null)).toBe(true);
    expect(rowOf("optOut", "delivered")).toBeUndefined();
  });
});

describe("the word about the money", () => {
  const roi = (lower: number, upper: number) => ({ estimate: 0, lower, upper });
  test.each([
    ["pays", { roi: roi(0.2, 3), reason: null }],
    ["unclear", { roi: roi(-0.1, 3), reason: null }],
    ["loses", { roi: roi(-0.9, -0.1), reason: null }],
    ["unmeasured", { roi: null, reason: "noHoldout" }],
    ["incomplete", { roi: null, reason: "unpriced" }],
  ] as const)("%s", (word, money) => {
    expect(returnWord(money)).toBe(word);
  });
});
