/**
 * `npm run oracle -- PATH…`: runs reference cases of statistics (files, or folders of .json files) against our functions.
 * Prints one line a failure, the worst error of each function as a share of its tolerance, then `N passed, N failed`;
 * exits 1 on any failure, and with one sentence where something cannot be read or is not known.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { answer } from "@/lib/statistics/oracle";
import { judge, OracleFileError, parseOracleCases } from "@/lib/statistics/oracle-case";

/** The .json files that a path stands for, in order of name. */
function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => join(path, name));
  } catch {
    throw new OracleFileError(`${path} cannot be read: give files or folders of cases that exist`);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new OracleFileError(`${file} cannot be read`);
  }
}

interface Tally {
  cases: number;
  worst: number;
  worstId: string;
}

function run(paths: readonly string[]): boolean {
  if (paths.length === 0) throw new OracleFileError("give the files or folders to run: npm run oracle -- PATH…");
  const files = paths.flatMap(filesOf);
  const tallies = new Map<string, Tally>();
  let failed = 0;
  let total = 0;
  for (const file of files) {
    for (const { id, fn, in: input, out, tol } of inFile(file, () => parseOracleCases(read(file)))) {
      const { failures, worst } = inFile(`${file}: ${id}`, () => judge(out, answer(fn, input), tol));
      const tally = tallies.get(fn) ?? { cases: 0, worst: 0, worstId: id };
      tallies.set(fn, {
        cases: tally.cases + 1,
        ...(worst > tally.worst ? { worst, worstId: id } : { worst: tally.worst, worstId: tally.worstId }),
      });
      total += 1;
      if (failures.length === 0) continue;
      failed += 1;
      console.log(`FAILED ${id} (${fn}) ${failures.join("; ")}`);
    }
  }
  if (total === 0) throw new OracleFileError(`no cases in ${paths.join(", ")}`);
  for (const [fn, { cases, worst, worstId }] of [...tallies].sort(([one], [two]) => one.localeCompare(two))) {
    const share = worst === 0 ? "exact" : `worst error ${worst.toPrecision(2)} of the tolerance (${worstId})`;
    console.log(`${fn.padEnd(34)} ${String(cases).padStart(4)} cases  ${share}`);
  }
  console.log(`${total - failed} passed, ${failed} failed`);
  return failed === 0;
}

/** Says where a fault is. */
function inFile<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OracleFileError) || error.message.startsWith(place)) throw error;
    throw new OracleFileError(`${place}: ${error.message}`);
  }
}

try {
  process.exitCode = run(process.argv.slice(2)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof OracleFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
