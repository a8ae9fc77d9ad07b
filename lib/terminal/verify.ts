/**
 * `npm run verify -- BUNDLE [--key VKEY]`: checks an evidence bundle without database or network. Exits 0 when everything
 * holds, 1 when something does not (the first 20 failures are printed), 2 when there is nothing that can be read.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readBundle, verifyBundle } from "@/lib/ledger/verifier";
import { checkSends } from "./sends-proved";

const MAX_FAILURES = 20;
const USAGE = "Usage: npm run verify -- BUNDLE [--key VKEY]…";

class Unreadable extends Error {}

function main(args: readonly string[]): number {
  const { path, keys } = readArguments(args);
  const bundle = readBundle(readText(path));
  if (!bundle) throw new Unreadable(`${path} is not an evidence bundle`);
  const verdict = verifyBundle(bundle, keys ?? bundle.keys);
  const sends = checkSends(verdict.proved);
  const failures = [...verdict.failures, ...sends.failures];
  for (const failure of failures.slice(0, MAX_FAILURES)) console.log(`FAILED ${failure}`);
  if (failures.length > MAX_FAILURES) console.log(`… and ${failures.length - MAX_FAILURES} more`);
  console.log(`log ${bundle.origin}: ${verdict.checkpoints} checkpoint(s), ${verdict.entries} entries`);
  console.log(`${verdict.proved.length} payload(s) opened, ${verdict.sealed} sealed (the person was erased)`);
  console.log(
    `${sends.consented} send(s) with a consent that stood, ${sends.unread} whose consent event is not readable here`,
  );
  if (!keys) {
    console.log(
      "Checked with the key that the bundle names itself. Ask for the log's key on another way and pass it as --key:",
    );
    for (const key of bundle.keys) console.log(`  ${key}`);
  }
  console.log(failures.length === 0 ? "Everything holds." : `${failures.length} failure(s).`);
  return failures.length === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]): { path: string; keys: string[] | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { key: { type: "string", multiple: true } },
      allowPositionals: true,
    });
    const [path, ...others] = positionals;
    if (path === undefined || others.length > 0) throw new Unreadable(USAGE);
    return { path, keys: values.key };
  } catch (error) {
    throw new Unreadable(error instanceof Unreadable ? error.message : USAGE);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Unreadable(`${path} cannot be read`);
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Unreadable)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
