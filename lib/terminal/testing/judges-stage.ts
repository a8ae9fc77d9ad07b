import { join } from "node:path";
import { machineEnvironment, runChild, runNode } from "./child";
import { runCases, type StageResult, type Tell } from "./stage";
import { runVitest } from "./vitest-stage";

/** A package of its own, with its own lockfile: nothing that the product needs is in it. */
const FOLDER = join("e2e", "judges");
const INSTALL_LIMIT_MS = 300_000;
const TYPES_LIMIT_MS = 300_000;

/** Installs the clients that we did not write, and lets them and Meta's own schema judge the sandbox. */
export async function runJudges(tell: Tell): Promise<StageResult> {
  const prepared = await runCases(
    [
      { name: "their packages install from the lockfile", run: install },
      { name: "their tests agree with their types", run: checkTypes },
    ],
    tell,
  );
  if (prepared.failures.length > 0) return prepared;
  const judged = await runVitest({ folder: FOLDER }, tell);
  return {
    passed: prepared.passed + judged.passed,
    skipped: judged.skipped,
    failures: judged.failures,
  };
}

async function install(): Promise<void> {
  const { code, output } = await runChild("npm", ["ci", "--prefix", FOLDER], {
    env: machineEnvironment({ NO_COLOR: "1" }),
    limitMs: INSTALL_LIMIT_MS,
  });
  if (code !== 0) throw new Error(output);
}

async function checkTypes(): Promise<void> {
  const { code, output } = await runNode([join("node_modules", "typescript", "bin", "tsc"), "-p", FOLDER], {
    limitMs: TYPES_LIMIT_MS,
  });
  if (code !== 0) throw new Error(output);
}
