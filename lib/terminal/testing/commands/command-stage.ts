import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmRun } from "../running-command";
import { type Case, runCases, type StageResult, type Tell } from "../stage";
import { demoCases } from "./demo-cases";
import { fileCases } from "./file-cases";
import { productCases } from "./product-cases";

const CHAOS_LIMIT_MS = 1_200_000;
const SHORT = { demos: [{ contacts: 500, seed: 1 }], chaos: { kills: 3, messages: 1_000 } };
const LONG = { demos: [1, 2, 3].map((seed) => ({ contacts: 20_000, seed })), chaos: { kills: 20, messages: 10_000 } };

/** Runs the commands that the README names as people run them, each in a temporary data folder. */
export async function runCommandStage({ isLong }: { isLong: boolean }, tell: Tell): Promise<StageResult> {
  const { demos, chaos } = isLong ? LONG : SHORT;
  const folder = mkdtempSync(join(tmpdir(), "contraste-commands-"));
  chmodSync(folder, 0o711); // root's servers run as another user, who has to pass through
  try {
    const cases = [...fileCases(folder), ...productCases(folder), ...demoCases(folder, demos), chaosCase(chaos)];
    return await runCases(cases, tell);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function chaosCase({ kills, messages }: { kills: number; messages: number }): Case {
  return {
    name: `npm run chaos: ${kills} kills of the worker, nobody written to twice, nobody forgotten`,
    run: async () => {
      const { code, output } = await npmRun("chaos", ["--kills", String(kills), "--messages", String(messages)], {
        env: {},
        limitMs: CHAOS_LIMIT_MS,
      });
      assert.equal(code, 0, output);
    },
  };
}
