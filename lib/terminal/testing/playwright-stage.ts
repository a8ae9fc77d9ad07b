import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { requireBrowser } from "./browser";
import { machineEnvironment, runNode } from "./child";
import type { Failure, StageResult, Tell } from "./stage";

const LIMIT_MS = 1_200_000;
const TAIL_CHARACTERS = 3_000;

// Only what is read of Playwright's JSON reporter.
const Spec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(["skipped", "expected", "unexpected", "flaky"]),
      results: z.array(z.object({ errors: z.array(z.object({ message: z.string().optional() })).optional() })),
    }),
  ),
});
const Suite = z.object({
  specs: z.array(Spec),
  get suites() {
    return z.array(Suite).optional();
  },
});
const PlaywrightReport = z.object({
  suites: z.array(Suite),
  errors: z.array(z.object({ message: z.string().optional() })),
});

/** Runs the journeys in a real browser against the built product, and counts. */
export async function runJourneys(tell: Tell): Promise<StageResult> {
  tell(`browser: ${requireBrowser(tell)}`);
  const folder = mkdtempSync(join(tmpdir(), "contraste-journeys-"));
  const report = join(folder, "report.json");
  try {
    const { code, output } = await runNode(
      [join("node_modules", "@playwright", "test", "cli.js"), "test", "--reporter=list,json"],
      {
        env: machineEnvironment({ PLAYWRIGHT_JSON_OUTPUT_NAME: report, NO_COLOR: "1" }),
        limitMs: LIMIT_MS,
        onLine: (line) => /^ +[✓✘ok-]/.test(line) && tell(line.trim()),
      },
    );
    const tail = output.slice(-TAIL_CHARACTERS);
    if (!existsSync(report)) throw new Error(`Playwright ended with code ${code} and without a report:\n${tail}`);
    const result = readPlaywrightReport(readFileSync(report, "utf8"));
    if (code === 0 || result.failures.length > 0) return result;
    return { ...result, failures: [{ name: "Playwright", detail: tail }] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts what Playwright reported. A journey that holds only when it is repeated, in a new world, passed; its line says so. */
export function readPlaywrightReport(json: string): StageResult {
  const { suites, errors } = PlaywrightReport.parse(JSON.parse(json));
  const failures: Failure[] = errors.map(({ message }) => ({ name: "Playwright", detail: message ?? "" }));
  let passed = 0;
  let skipped = 0;
  for (const { title, file, tests } of suites.flatMap(specsOf)) {
    for (const { status, results } of tests) {
      if (status === "expected" || status === "flaky") passed += 1;
      else if (status === "skipped") skipped += 1;
      else {
        const messages = results.flatMap(({ errors: found }) => (found ?? []).map(({ message }) => message ?? ""));
        failures.push({ name: `${file} > ${title}`, detail: messages.join("\n") });
      }
    }
  }
  return { passed, skipped, failures };
}

function specsOf(suite: z.infer<typeof Suite>): z.infer<typeof Spec>[] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}
