import { parseArgs } from "node:util";
import { type Failure, type StageResult, textOf } from "./testing/stage";
import { testStages } from "./testing/stages";

const SHOWN_CHARACTERS = 4_000;

/**
 * `npm test`, `npm run test:long`: everything that must pass. Every stage runs, also after a failure; what failed is
 * repeated at the end, before the one closing line. `-- --only NAME` (repeatable) runs some stages alone.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { long: { type: "boolean", default: false }, only: { type: "string", multiple: true } },
  });
  const stages = testStages({ isLong: values.long });
  const unknown = values.only?.filter((name) => !stages.some((stage) => stage.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`There is no stage ${unknown.join(", ")}; there are ${stages.map(({ name }) => name).join(", ")}.`);
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures: Failure[] = [];
  const start = performance.now();
  for (const { name, run } of stages) {
    if (values.only && !values.only.includes(name)) continue;
    console.log(`\n== ${name}`);
    const stageStart = performance.now();
    const result = await run((line) => console.log(`   ${line}`)).catch(asFailure(name));
    console.log(`   ${summary(result)} · ${minutes(stageStart)}`);
    total.passed += result.passed;
    total.failed += result.failures.length;
    total.skipped += result.skipped;
    failures.push(...result.failures.map((failure) => ({ ...failure, name: `${name}: ${failure.name}` })));
  }
  for (const { name, detail } of failures) {
    console.log(`\nFAILED ${name}\n${shortened(detail).replaceAll(/^/gm, "   ")}`);
  }
  console.log(`\n${minutes(start)} in all`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function asFailure(name: string): (error: unknown) => StageResult {
  return (error) => ({ passed: 0, skipped: 0, failures: [{ name, detail: textOf(error) }] });
}

function summary({ passed, skipped, failures }: StageResult): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function minutes(start: number): string {
  const seconds = Math.round((performance.now() - start) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}\n… (${text.length} characters)`;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(textOf(error));
  return 1;
});
