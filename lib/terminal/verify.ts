/**
 * `npm run verify -- BUNDLE [--key VKEY]… [--witnesses N]`, and the same as one file without dependencies inside every
 * bundle: `node verify.mjs BUNDLE`. Checks an evidence bundle without database or network. Exits 0 when everything holds, 1
 * when something does not (the first 20 failures are printed), 2 when there is nothing that can be read.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { verifyEvidence } from "@/lib/reporting/verify-evidence";

const MAX_FAILURES = 20;
const USAGE = "Usage: verify BUNDLE [--key VKEY]… [--witnesses N]";

class Unreadable extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const { path, keys, witnesses } = readArguments(args);
  const found = await verifyEvidence(readBytes(path), { keys, witnesses });
  if (found.kind === "unreadable") throw new Unreadable(`${path} is not an evidence bundle`);
  const { failures, cosignatures } = found;
  for (const failure of failures.slice(0, MAX_FAILURES)) console.log(`FAILED ${failure}`);
  if (failures.length > MAX_FAILURES) console.log(`… and ${failures.length - MAX_FAILURES} more`);
  console.log(`log ${found.origin}: ${found.checkpoints} checkpoint(s), ${found.entries} of ${found.size} entries`);
  for (const { witness, size, seconds } of cosignatures) {
    console.log(`  witness ${witness} saw ${size} entries at ${new Date(seconds * 1_000).toISOString()}`);
  }
  console.log(`${found.opened} payload(s) opened, ${found.sealed} sealed (the person was erased)`);
  const { consented, unread, grounds } = found;
  console.log(`${consented} send(s) with a consent that stood, ${unread} whose event is not readable here`);
  for (const [count, what] of [
    [grounds.service, "answer(s) to what the person wrote, which is not in the log: no consent is asked for"],
    [grounds.request, "question(s) to a person whose own request waited for their answer"],
    [grounds.test, "test(s) to a number that one of the organisation's own people had declared"],
  ] as const)
    if (count > 0) console.log(`  ${count} ${what}`);
  if (!keys) {
    console.log(
      "Checked with the key that the bundle names itself. Ask for the log's key on another way and pass it as --key:",
    );
    for (const key of found.keys) console.log(`  ${key}`);
  }
  console.log(failures.length === 0 ? "Everything holds." : `${failures.length} failure(s).`);
  return failures.length === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]): { path: string; keys: string[] | undefined; witnesses: number } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { key: { type: "string", multiple: true }, witnesses: { type: "string", default: "0" } },
      allowPositionals: true,
    });
    const [path, ...others] = positionals;
    const witnesses = Number(values.witnesses);
    if (path === undefined || others.length > 0 || !Number.isInteger(witnesses)) throw new Unreadable(USAGE);
    return { path, keys: values.key, witnesses };
  } catch (error) {
    throw new Unreadable(error instanceof Unreadable ? error.message : USAGE);
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new Unreadable(`${path} cannot be read`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Unreadable)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
