import fc, { type IAsyncProperty, type IProperty } from "fast-check";
import { TestRunner } from "vitest";

/** What promise P12 (compliance/design.md 7) asks 100,000 property cases of, together. */
export type PropertyKind =
  | "consent reducer"
  | "quiet hours"
  | "opt-out"
  | "CSV"
  | "SSRF"
  | "signature"
  | "Merkle"
  | "JCS"
  | "note"
  | "Ed25519"
  | "TOTP";

interface Cases {
  runs: number;
  /** Runs of `npm run test:long`. */
  long: number;
  /** How many cases one run draws and compares. */
  each?: number;
}

declare module "vitest" {
  interface TaskMeta {
    /** Property cases that held in this test; the stage adds them up (lib/terminal/testing/vitest-report.ts). */
    cases?: Partial<Record<PropertyKind, number>>;
  }
}

const SEED = 20_261_127;

/** Tries a property on the same random cases every time, many more of them in the long form, and counts what held. */
export async function holds<Ts>(
  kind: PropertyKind,
  property: IProperty<Ts> | IAsyncProperty<Ts>,
  { runs, long, each = 1 }: Cases,
): Promise<void> {
  const numRuns = process.env.LONG ? long : runs;
  await fc.assert(property, { seed: SEED, numRuns });
  const test = TestRunner.getCurrentTest();
  if (!test) throw new Error("Properties are tried inside a test");
  const before = test.meta.cases ?? {};
  test.meta.cases = { ...before, [kind]: (before[kind] ?? 0) + numRuns * each };
}
