import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCases, type StageResult, type Tell } from "../stage";
import { chaosCases } from "./chaos-cases";
import { demoCases } from "./demo-cases";
import { fileCases } from "./file-cases";
import { logCases } from "./log-cases";
import { productCases } from "./product-cases";

const SHORT = {
  demos: [{ contacts: 500, seed: 1 }],
  chaos: { kills: 3, messages: 1_000 },
  simulation: ["--only", "peek-naive", "--only", "cuped", "--runs", "200"],
};
const LONG = {
  demos: [1, 2, 3].map((seed) => ({ contacts: 20_000, seed })),
  chaos: { kills: 20, messages: 10_000 },
  simulation: [],
};

/** Runs the commands that the README names as people run them, each in a temporary data folder. */
export async function runCommandStage({ isLong }: { isLong: boolean }, tell: Tell): Promise<StageResult> {
  const { demos, chaos, simulation } = isLong ? LONG : SHORT;
  const folder = mkdtempSync(join(tmpdir(), "contraste-commands-"));
  chmodSync(folder, 0o711); // root's servers run as another user, who has to pass through
  try {
    const cases = [
      ...fileCases(folder, { simulation }),
      ...productCases(folder),
      ...logCases(folder),
      ...demoCases(folder, demos),
      ...chaosCases(folder, chaos),
    ];
    return await runCases(cases, tell);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
