import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import {
  add,
  type Band,
  bandsNamed,
  type Chunk,
  chunksOf,
  type Figure,
  figuresOf,
  type Tally,
} from "@/lib/statistics/simulation/simulate";
import { type ProgressLine, progressLine } from "./demo/progress";
import { textOf } from "./testing/stage";
import { wholeNumber } from "./whole-number";

const MOST_RUNS = 100_000;

/**
 * `npm run simulate -- [--only NAME]… [--runs N] [--seed N] [--json]`: the product's statistics play campaigns whose truth is known, on
 * all processors. Prints each figure with its band, then `N passed, N failed`; exits 1 when a figure leaves its band. With
 * `--runs` fewer runs of each, and bands wider by what chance may add. The same seed gives the same figures on any machine.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: [] },
      runs: { type: "string", default: String(MOST_RUNS) },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const seed = wholeNumber("seed", values.seed, { min: 0, max: 2 ** 32 });
  const runs = wholeNumber("runs", values.runs, { min: 10, max: MOST_RUNS });
  const chosen = bandsNamed(values.only);
  if ("unknown" in chosen) {
    const all = bandsNamed([]);
    const names = "unknown" in all ? [] : all.map(({ id }) => id);
    throw new Error(`There is no simulation "${chosen.unknown}"; there are: ${names.join(", ")}.`);
  }
  const progress = progressLine("simulate", process.stderr, values.json);
  const tallies = await playAll(chunksOf(chosen, runs), { seed, progress });
  progress.end();
  const figures = chosen.flatMap((band) => figuresIn(band, tallies));
  if (values.json) console.log(JSON.stringify({ seed, figures }, null, 2));
  else for (const line of report(figures)) console.log(line);
  const failed = new Set(figures.filter(({ isWithin }) => !isWithin).map(({ id }) => id)).size;
  if (!values.json) console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function figuresIn(band: Band, tallies: ReadonlyMap<string, Tally>): Figure[] {
  const tally = tallies.get(band.id);
  return tally ? figuresOf(band, tally) : [];
}

function report(figures: readonly Figure[]): string[] {
  const widest = Math.max(...figures.map(({ id }) => id.length));
  return figures.map(({ id, what, runs, observed, lo, hi, isWithin }, index) => {
    const name = figures[index - 1]?.id === id ? "" : id;
    const band = `[${shown(lo)}, ${shown(hi)}]`;
    return `${isWithin ? "✓" : "✗"} ${name.padEnd(widest)} ${shown(observed).padStart(9)} in ${band.padEnd(20)} ${runs} runs · ${what}`;
  });
}

const shown = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(4));

/**
 * Hands the chunks out, the next one to whoever is free. Tallies are added in the order of the chunks, so that the sums do not
 * depend on who was quicker.
 */
async function playAll(
  chunks: readonly Chunk[],
  { seed, progress }: { seed: number; progress: ProgressLine },
): Promise<Map<string, Tally>> {
  const total = chunks.reduce((sum, { count }) => sum + count, 0);
  const answers: (Tally | undefined)[] = chunks.map(() => undefined);
  let next = 0;
  let done = 0;
  const serve = (worker: ChildProcess) =>
    new Promise<void>((resolve, reject) => {
      let mine = -1;
      const send = () => {
        mine = next;
        next += 1;
        const chunk = chunks[mine];
        if (chunk) worker.send(chunk);
        else resolve();
      };
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("A simulating process ended early.")));
      worker.on("message", (tally: Tally) => {
        answers[mine] = tally;
        done += tally.count;
        progress.set(done, total);
        send();
      });
      send();
    });
  const workers = Array.from({ length: Math.min(availableParallelism(), chunks.length) }, () =>
    fork(new URL("./simulate-process.ts", import.meta.url), [String(seed)]),
  );
  try {
    await Promise.all(workers.map(serve));
  } finally {
    for (const worker of workers) if (worker.connected) worker.disconnect();
  }
  const tallies = new Map<string, Tally>();
  for (const [index, { id }] of chunks.entries()) {
    const tally = answers[index];
    const before = tallies.get(id);
    if (tally) tallies.set(id, before ? add(before, tally) : tally);
  }
  return tallies;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(textOf(error));
  return 1;
});
