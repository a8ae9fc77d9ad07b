import assert from "node:assert/strict";
import { join } from "node:path";
import { npmRun } from "../running-command";
import type { Case } from "../stage";

const LIMIT_MS = 180_000;
const SIMULATE_LIMIT_MS = 1_200_000;

/** Commands that judge or read files. */
export function fileCases(folder: string, { simulation }: { simulation: readonly string[] }): readonly Case[] {
  return [
    { name: "npm run oracle: every statistics case of the repository holds", run: oracleHolds },
    {
      name: "npm run simulate: figures lie in their bands, and the habit of peeking errs as often as it should",
      run: () => simulates(simulation),
    },
    { name: "npm run vectors: every test vector of the repository holds", run: vectorsHold },
    {
      name: "npm run import: a hand-written file is read as a person would, and a rehearsal changes nothing",
      run: () => importRehearses(folder),
    },
    { name: "npm run import: a file that is not there is one sentence", run: () => importRefuses(folder) },
    {
      name: "npm run bench: a benchmark that does not exist is one sentence that names those that do",
      run: benchRefuses,
    },
  ];
}

async function oracleHolds(): Promise<void> {
  const { code, output } = await npmRun("oracle", ["lib/statistics/oracle-cases"], { env: {}, limitMs: LIMIT_MS });
  assert.equal(code, 0, output);
  assert.match(output, /^[1-9]\d* passed, 0 failed$/m);
}

async function simulates(args: readonly string[]): Promise<void> {
  const { code, output } = await npmRun("simulate", [...args], { env: {}, limitMs: SIMULATE_LIMIT_MS });
  assert.equal(code, 0, output);
  assert.match(output, /^✓ oc-peek-naive +0\.[34]\d+ in \[/m);
  assert.match(output, /^[1-9]\d* passed, 0 failed$/m);
}

async function vectorsHold(): Promise<void> {
  const paths = ["lib/consent/vectors", "lib/ledger/vectors", "lib/whatsapp/vectors", "lib/policies/vectors"];
  const { code, output } = await npmRun("vectors", paths, { env: {}, limitMs: LIMIT_MS });
  assert.equal(code, 0, output);
  assert.match(output, /^[1-9]\d* passed, 0 failed/m);
}

async function importRehearses(folder: string): Promise<void> {
  const rehearse = async () => {
    const { code, stdout, output } = await npmRun(
      "import",
      [join("e2e", "fixtures", "clientes.csv"), "--country", "ES", "--dry-run", "--json"],
      { env: { DATA_DIR: join(folder, "import") }, limitMs: LIMIT_MS },
    );
    assert.equal(code, 0, output);
    return JSON.parse(stdout);
  };
  const report = await rehearse();
  assert.deepEqual(
    [report.rows, report.contacts, report.duplicates, report.consent],
    [24, 23, 0, { granted: 21, pending: 1, withdrawn: 1, none: 0 }],
  );
  assert.deepEqual(report.rejected, [{ row: 8, column: "Móvil", expected: "phone", found: "61234" }]);
  assert.deepEqual(await rehearse(), report);
}

async function importRefuses(folder: string): Promise<void> {
  const env = { DATA_DIR: join(folder, "import") };
  const { code, output } = await npmRun("import", ["nowhere.csv"], { env, limitMs: LIMIT_MS });
  assert.equal(code, 1);
  assert.match(output, /nowhere\.csv cannot be read/);
}

async function benchRefuses(): Promise<void> {
  const { code, output } = await npmRun("bench", ["nothing"], { env: {}, limitMs: LIMIT_MS });
  assert.equal(code, 1);
  assert.match(output, /There is no benchmark "nothing"; there are: .*intake/);
}
