import { relative } from "node:path";
import * as z from "zod";
import type { Failure, StageResult } from "./stage";

// Only what is read of vitest's JSON reporter.
const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
          meta: z.object({ cases: z.record(z.string(), z.number()).optional() }).optional(),
        }),
      ),
    }),
  ),
});

/** Counts what vitest reported, apart from some files. A file that could not even start counts as one failure. */
export function readVitestReport(json: string, without: ReadonlySet<string> = new Set()): StageResult {
  const { testResults } = VitestReport.parse(JSON.parse(json));
  const failures: Failure[] = [];
  let passed = 0;
  let skipped = 0;
  for (const file of testResults) {
    const path = relative(".", file.name);
    if (without.has(path)) continue;
    let failedHere = 0;
    for (const { fullName, status, failureMessages } of file.assertionResults) {
      if (status === "passed") passed += 1;
      else if (status !== "failed") skipped += 1;
      else {
        failedHere += 1;
        failures.push({ name: `${path} > ${fullName}`, detail: (failureMessages ?? []).join("\n") });
      }
    }
    if (file.status === "failed" && failedHere === 0) failures.push({ name: path, detail: file.message ?? "" });
  }
  return { passed, skipped, failures };
}

/** How many property cases held, by what they are about (lib/foundation/testing/holds.ts); undefined when none was tried. */
export function propertyCases(json: string): string | undefined {
  const counts = new Map<string, number>();
  for (const { assertionResults } of VitestReport.parse(JSON.parse(json)).testResults)
    for (const { meta } of assertionResults)
      for (const [kind, cases] of Object.entries(meta?.cases ?? {})) counts.set(kind, (counts.get(kind) ?? 0) + cases);
  if (counts.size === 0) return undefined;
  const written = new Intl.NumberFormat("en");
  const total = [...counts.values()].reduce((sum, cases) => sum + cases, 0);
  const kinds = [...counts].sort(([, one], [, other]) => other - one);
  const each = kinds.map(([kind, cases]) => `${kind} ${written.format(cases)}`);
  return `${written.format(total)} property cases held: ${each.join(", ")}`;
}
