import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ExperimentPlan, experimentPlan } from "@/lib/experiments/plan";
import { type AnalysisFacts, analyse } from "@/lib/results/analyse";
import type { AnalysisRecord } from "@/lib/results/analysis";
import { hashOf } from "@/lib/results/commands/take-look";
import { arm, examplePlan, facts } from "@/lib/results/testing/facts";
import { exportJson } from "./export-record";

const people = {
  A: { converted: 412, optedOut: 21, failed: 130, delivered: 8_870, revenueMicros: 10_300e6, revenueSquares: 309_000 },
  B: { converted: 530, optedOut: 28, failed: 121, delivered: 8_879, revenueMicros: 13_250e6, revenueSquares: 397_500 },
  C: { converted: 441, optedOut: 19, failed: 140, delivered: 8_860, revenueMicros: 11_025e6, revenueSquares: 330_750 },
};
const arms = [
  ...Object.entries(people).map(([key, counts]) => arm(key, 9_000, counts)),
  arm("holdout", 3_000, { converted: 110, revenueMicros: 2_750e6, revenueSquares: 82_500 }),
];
const three = {
  ...examplePlan,
  arms: ["A", "B", "C"].map((key) => ({ key, weight: 1 })),
  holdoutBasisPoints: 1_000,
};
const looks = experimentPlan.parse({ ...three, method: "looks", lookShares: [0.25, 0.5, 0.75, 1], spending: "obf" });
const daily = experimentPlan.parse({ ...three, method: "always-valid", plannedRate: 0.05 });

/** The file that people download, with nothing in it that changes from run to run. */
function exported(plan: ExperimentPlan, change: Partial<AnalysisFacts> = {}): string {
  const record: AnalysisRecord = analyse(facts(arms, { plan, ...change }));
  const at = new Date(record.takenAt);
  const recordHash = hashOf(record);
  return exportJson({
    record,
    recordHash,
    view: {
      campaign: {
        id: record.campaignId,
        name: "Rebajas",
        status: "measuring",
        frozenReason: null,
        sendingStartedAt: at,
        sendingEndedAt: at,
        measuringUntil: at,
        concludedAt: null,
      },
      isSandbox: true,
      currency: "EUR",
      plan: { plan, hash: record.planHash, frozenAt: at },
      health: { arms: record.arms, srm: record.srm, delivery: record.delivery },
      state: { kind: "analysed", record, recordHash, takenAt: at },
      decision: null,
      mayDecide: false,
    },
  });
}

/** The third of four looks, after two that had seen a third and two thirds of the outcomes. */
function atThirdLook(): string {
  const earlier = [0.34, 0.66].flatMap((share, index) => {
    const counts = arms.map((one) => ({ ...one, converted: Math.round(one.converted * share) }));
    const look = { n: index + 1, count: 4, share: (index + 1) / 4 };
    return analyse(facts(counts, { plan: looks, look })).monitoring ?? [];
  });
  const nextAt = new Date("2026-12-10T10:00:00.000Z");
  return exported(looks, { look: { n: 3, count: 4, share: 0.75 }, earlier, nextAt });
}

const hasR = spawnSync("Rscript", ["-e", "library(jsonlite)"]).status === 0;

describe("a statistician recomputes a results file", () => {
  test("the file of the documentation is what the product writes", () => {
    expect(JSON.parse(readFileSync("docs/example-results.json", "utf8"))).toEqual(JSON.parse(atThirdLook()));
  });

  test("its figures are those that the documentation shows", () => {
    const page = readFileSync("docs/recompute.md", "utf8");
    const { record } = JSON.parse(atThirdLook());
    const ofB = record.comparisons[0].difference;
    for (const figure of [record.critical, ofB.estimate, ofB.lower, ofB.upper, record.monitoring.information])
      expect(page).toContain(String(Number(figure.toPrecision(10))));
  });

  test.skipIf(!hasR).each([
    ["once, at the end", () => exported(three)],
    ["at the third of four looks", atThirdLook],
    ["on any day", () => exported(daily)],
    [
      "with rare outcomes",
      () =>
        exported(three, {
          arms: [arm("A", 9_000, { converted: 1 }), arm("B", 9_000), arm("C", 9_000), arm("holdout", 3_000)],
        }),
    ],
  ])("in R, looked at %s: every figure agrees", (_, write) => {
    const folder = mkdtempSync(join(tmpdir(), "contraste-recompute-"));
    try {
      const file = join(folder, "results.json");
      writeFileSync(file, write());
      const { status, stdout, stderr } = spawnSync("Rscript", ["docs/recompute.R", file], { encoding: "utf8" });
      expect(`${stdout}${status === 0 ? "" : stderr}`).toMatch(/every figure agrees\n$/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
