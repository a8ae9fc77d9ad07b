import "./quiet-log";
import { parseArgs } from "node:util";
import { type BenchRow, isMet } from "./bench/row";
import { textOf } from "./testing/stage";

const benches: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  intake: async () => (await import("./bench/intake")).benchIntake(),
  ledger: async () => (await import("./bench/ledger")).benchLedger(),
  sending: async () => (await import("./bench/sending")).benchSending(),
  planning: async () => (await import("./bench/planning")).benchPlanning(),
  bytes: async () => (await import("./bench/bytes")).benchBytes(),
  rights: async () => (await import("./bench/rights")).benchRights(),
};

/**
 * `npm run bench -- [NAME…] [--json]`: each as a ratio against its reference in the same run, in two sizes with the exponent
 * between them. Exits 1 when a goal is missed.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { json: { type: "boolean" } }, allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  const rows: BenchRow[] = [];
  for (const name of names) {
    const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
    if (!bench) throw new Error(`There is no benchmark "${name}"; there are: ${Object.keys(benches).join(", ")}.`);
    if (!values.json) console.log(`${name} …`);
    const measured = await bench();
    rows.push(...measured);
    if (!values.json) for (const row of measured) console.log(lineOf(row));
  }
  if (values.json) console.log(JSON.stringify(rows, null, 2));
  return rows.every(isMet) ? 0 : 1;
}

function lineOf(row: BenchRow): string {
  const { name, size, value, unit, reference, ratio, exponent, goal } = row;
  const parts = [
    `${isMet(row) ? "✓" : "✗"} ${name} · ${whole(size)}`,
    `${whole(value)} ${unit}`,
    ...(reference === null ? [] : [`reference ${whole(reference)}`]),
    ...(ratio === null ? [] : [`ratio ${ratio.toFixed(2)}`]),
    `goal ${goal.text}`,
    ...(exponent === null ? [] : [`exponent ${exponent.toFixed(2)}`]),
  ];
  return `  ${parts.join(" · ")}`;
}

function whole(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 });
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(textOf(error));
  return 1;
});
