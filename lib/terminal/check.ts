import { parseArgs } from "node:util";
import { checkSteps } from "./check/steps";

/**
 * `npm run check`: everything that can be said of the code without running it. Every step runs, one line each; what is
 * wrong stands under its line. Exits 1 when anything is. `-- --rewrite-catalogue` accepts what the migrations make.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { "rewrite-catalogue": { type: "boolean", default: false } } });
  let failed = 0;
  for (const { name, run } of checkSteps({ rewritesCatalogue: values["rewrite-catalogue"] })) {
    const start = performance.now();
    const problems = await run();
    console.log(`${problems ? "✗" : "✓"} ${name.padEnd(22)} ${((performance.now() - start) / 1000).toFixed(1)} s`);
    if (!problems) continue;
    failed += 1;
    console.log(problems.replaceAll(/^/gm, "  "));
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
