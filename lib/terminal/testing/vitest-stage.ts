import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineEnvironment, runNode } from "./child";
import type { StageResult, Tell } from "./stage";
import { propertyCases, readVitestReport } from "./vitest-report";

const LIMIT_MS = 900_000;
const LONG_LIMIT_MS = 2_700_000;
/** The embedded server shares the machine with them. */
const WORKERS = 2;
const TAIL_CHARACTERS = 3_000;

export interface VitestOptions {
  env?: Readonly<Record<string, string>>;
  /** The tests in their long forms: files that have one read `LONG`. */
  isLong?: boolean;
}

type Tests = { project: "unit" | "database" } | { folder: string };

/** With more files than this failing it is no accident of a busy machine. */
const MOST_AGAIN = 3;

/**
 * Runs one of our projects of vitest, or that of a package of its own, shows its progress, and counts. A few files that fail run
 * once more, alone: what then holds was unsteady, and that is said.
 */
export async function runVitest(what: Tests, tell: Tell, options: VitestOptions = {}): Promise<StageResult> {
  const first = await runOnce(what, tell, options);
  const failed = new Set(first.failures.map(({ name }) => name.split(" > ", 1)[0] ?? ""));
  if (failed.size === 0 || failed.size > MOST_AGAIN || ![...failed].every(isTestFile)) return first;
  for (const { name, detail } of first.failures) tell(`UNSTEADY ${name}: ${detail.split("\n", 1)[0]}`);
  tell(`once more, alone: ${[...failed].join(", ")}`);
  const { passed, skipped, failures } = await runOnce(what, tell, { ...options, files: [...failed] });
  const others = first.without(failed);
  return { passed: others.passed + passed, skipped: others.skipped + skipped, failures };
}

const isTestFile = (path: string) => /\.test\.tsx?$/.test(path);

interface Once extends StageResult {
  /** What was counted apart from these files. */
  without: (files: ReadonlySet<string>) => StageResult;
}

async function runOnce(
  what: Tests,
  tell: Tell,
  { env = {}, isLong = false, files = [] }: VitestOptions & { files?: readonly string[] },
): Promise<Once> {
  const [home, chosen] = "folder" in what ? [what.folder, `--root=${what.folder}`] : [".", `--project=${what.project}`];
  const folder = mkdtempSync(join(tmpdir(), "contraste-vitest-"));
  const report = join(folder, "report.json");
  try {
    const { code, output } = await runNode(
      [
        join(home, "node_modules", "vitest", "vitest.mjs"),
        "run",
        ...files,
        chosen,
        `--maxWorkers=${WORKERS}`,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ],
      {
        env: machineEnvironment({ NO_COLOR: "1", ...(isLong && { LONG: "1" }), ...env }),
        limitMs: isLong ? LONG_LIMIT_MS : LIMIT_MS,
        onLine: progressOnly(tell),
      },
    );
    const tail = output.slice(-TAIL_CHARACTERS);
    if (!existsSync(report)) throw new Error(`vitest ended with code ${code} and without a report:\n${tail}`);
    const json = readFileSync(report, "utf8");
    const without = (some: ReadonlySet<string>) => readVitestReport(json, some);
    const result = { ...readVitestReport(json), without };
    const cases = propertyCases(json);
    if (cases) tell(cases);
    if (code === 0 || result.failures.length > 0) return result;
    return { ...result, failures: [{ name: `vitest ${chosen}`, detail: tail }] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A line a file; its errors come once, at the end of everything. */
function progressOnly(tell: Tell): (line: string) => void {
  return (line) => {
    if (/^ [✓❯↓×✗] +(\|\w+\| +)?\S+\.test\.tsx?/.test(line)) tell(line.trim());
  };
}
