import assert from "node:assert/strict";
import * as z from "zod";
import { npmRun } from "../running-command";
import type { Case } from "../stage";

const DEMO_LIMIT_MS = 420_000;

const count = z.int().min(0);
/** The contract of `npm run demo -- --json`. */
const DemoJson = z.object({
  contacts: count,
  rejected: count,
  recipients: count,
  heldOut: count,
  sent: count,
  variants: z.array(
    z.object({
      key: z.string(),
      assigned: count,
      sent: count,
      delivered: count,
      read: count,
      clicked: count,
      replied: count,
      converted: count,
      revenueMicros: count,
    }),
  ),
  truth: z.array(z.object({ key: z.string(), conversionPerAssigned: z.number().min(0).max(1) })),
  primary: z.object({
    metric: z.string(),
    method: z.string(),
    estimate: z.number(),
    lower: z.number(),
    upper: z.number(),
    verdict: z.string(),
  }),
  srm: z.object({ p: z.number().min(0).max(1) }),
  roi: z.object({
    spendMicros: count,
    incrementalMicros: z.int(),
    lower: z.number(),
    upper: z.number(),
    currency: z.string(),
  }),
  compliance: z.object({
    attempts: count,
    withoutConsent: count,
    ledgerSize: count,
    verified: z.boolean(),
    checkpointAt: z.iso.datetime(),
  }),
  seconds: z.object({ import: z.number(), plan: z.number(), send: z.number(), measure: z.number() }),
});

/** The main job with a few people. `folder` is a temporary data folder that the cases share. */
export function demoCases(folder: string, demos: readonly { contacts: number; seed: number }[]): readonly Case[] {
  return demos.map(({ contacts, seed }) => ({
    name: `npm run demo: figures of ${contacts} people, seed ${seed}, agree with each other`,
    run: () => demoAgrees(folder, { contacts, seed }),
  }));
}

async function demoAgrees(folder: string, { contacts, seed }: { contacts: number; seed: number }): Promise<void> {
  const { code, stdout, output } = await npmRun(
    "demo",
    ["--exit", "--json", "--contacts", String(contacts), "--seed", String(seed)],
    { env: { DATA_DIR: folder }, limitMs: DEMO_LIMIT_MS },
  );
  assert.equal(code, 0, `the demo ended with code ${code}:\n${output}`);
  const report = DemoJson.parse(JSON.parse(stdout));
  const { variants, compliance, primary, roi } = report;
  const total = (of: (variant: (typeof variants)[number]) => number) => variants.reduce((sum, one) => sum + of(one), 0);
  assert.equal(report.contacts + report.rejected, contacts, "every row is a contact or rejected");
  assert.equal(total((one) => one.assigned) + report.heldOut, report.recipients, "assigned + held out = recipients");
  assert.equal(
    total((one) => one.sent),
    report.sent,
    "the variants' sends add up",
  );
  for (const one of variants) {
    assert.ok(one.sent <= one.assigned, `${one.key}: sent <= assigned`);
    assert.ok(one.delivered <= one.sent, `${one.key}: delivered <= sent`);
    assert.ok(one.read <= one.delivered, `${one.key}: read <= delivered`);
    assert.ok(one.converted <= one.assigned, `${one.key}: converted <= assigned`);
  }
  assert.ok(report.sent > 0 && report.recipients <= report.contacts, "somebody was written to, nobody twice");
  assert.ok(
    primary.lower <= primary.estimate && primary.estimate <= primary.upper,
    "the estimate lies in its interval",
  );
  assert.ok(roi.lower <= roi.incrementalMicros && roi.incrementalMicros <= roi.upper, "so does the return");
  assert.equal(compliance.withoutConsent, 0, "nobody was written to without consent");
  assert.ok(compliance.attempts >= report.sent, "every send has an attempt in the log");
  assert.equal(compliance.verified, true, "the log verifies");
}
