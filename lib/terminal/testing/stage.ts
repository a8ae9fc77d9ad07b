/** Shows what goes on, a line at a time. */
export type Tell = (line: string) => void;

export interface Failure {
  name: string;
  /** What went wrong, as text of any length. */
  detail: string;
}

export interface StageResult {
  passed: number;
  skipped: number;
  failures: readonly Failure[];
}

/** A part of `npm test`. What it throws counts as one failure. */
export interface Stage {
  name: string;
  run(tell: Tell): Promise<StageResult>;
}

export interface Case {
  name: string;
  /** Passes when it resolves; the answer `"skipped"` says that this machine cannot try it. */
  run(): Promise<unknown>;
}

/** Runs cases one after the other, a line each. */
export async function runCases(cases: readonly Case[], tell: Tell): Promise<StageResult> {
  const failures: Failure[] = [];
  let passed = 0;
  let skipped = 0;
  for (const { name, run } of cases) {
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    try {
      if ((await run()) === "skipped") {
        skipped += 1;
        tell(`– ${name} (skipped)`);
      } else {
        passed += 1;
        tell(`✓ ${name} ${seconds()}`);
      }
    } catch (error) {
      failures.push({ name, detail: textOf(error) });
      tell(`✗ ${name} ${seconds()}`);
    }
  }
  return { passed, skipped, failures };
}

/** What is said of an error: a sentence where it is one of ours, with the place where it is not. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.constructor === Error ? error.message : (error.stack ?? error.message);
}
