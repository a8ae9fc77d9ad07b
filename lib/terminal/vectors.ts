/**
 * `npm run vectors -- PATH…`: runs files of test vectors (or folders of them) against our functions; the file's name says
 * its kind. Prints one line a failure, then `N passed, N failed, N skipped`; exits 1 on any failure and where a path cannot
 * be read or a file has no known kind.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { vectorKinds } from "./vector-kinds";

class VectorFileError extends Error {}

/** The .json files that a path stands for, in order of name. */
function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => join(path, name));
  } catch {
    throw new VectorFileError(`${path} cannot be read: give files or folders of vectors that exist`);
  }
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new VectorFileError(`${file} is not a JSON file that can be read`);
  }
}

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

async function runFile(file: string): Promise<Tally> {
  const kind = basename(file, ".json");
  const run = Object.hasOwn(vectorKinds, kind) ? vectorKinds[kind] : undefined;
  if (!run)
    throw new VectorFileError(`${file}: no kind of vectors has this name (${Object.keys(vectorKinds).join(", ")})`);
  const results = await inShape(file, () => run(read(file)));
  const failures = results.filter(({ expected, found }) => expected !== found);
  for (const { id, expected, found } of failures) {
    console.log(`FAILED ${kind}: ${id}: expected ${String(expected)}, found ${String(found)}`);
  }
  return { passed: results.length - failures.length, failed: failures.length, skipped: 0 };
}

async function inShape<Result>(file: string, run: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof VectorFileError) throw error;
    throw new VectorFileError(
      `${file} has not the shape of its kind: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function main(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) throw new VectorFileError("give the files or folders to run: npm run vectors -- PATH…");
  const total: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const file of paths.flatMap(filesOf)) {
    const tally = await runFile(file);
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof VectorFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
