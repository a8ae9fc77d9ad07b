import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { readOperations } from "@/lib/reporting/queries/read-operations";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { recoverAttempts } from "@/lib/sending/commands/recover-attempts";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { createMetrics } from "./metrics";
import { serveOperations } from "./operations-server";

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
const worker = () => campaign.world.worker;
beforeAll(async () => {
  campaign = await queuedCampaign(t, 60);
});

test("what waits too long shows: messages, unread webhooks, the log without a signature; paused campaigns do not wait", async () => {
  await campaign.setTime("2026-12-01T09:15:00.000Z");
  const before = await readOperations(worker());
  expect(before.queueAgeSeconds).toBeGreaterThanOrEqual(600);
  expect(before).toMatchObject({ unknown: 0, webhookLagSeconds: 0, openBooks: 0 });
  expect(before.logLagSeconds, "nothing has been signed").toBeGreaterThan(600);
  await t.db.execute(sql`update campaigns set status = 'paused'`);
  expect((await readOperations(worker())).queueAgeSeconds).toBe(0);
  await t.db.execute(sql`update campaigns set status = 'sending'`);
});

test("attempts of a worker that died show as unknown, and books that do not add up are counted", async () => {
  const { numberId } = campaign.world.ids;
  const [due] = await t.db.execute<{ lane: number }>(
    sql`select lane from messages where state = 'queued' order by lane limit 1`,
  );
  const { messages } = await claimMessages(worker(), { lane: due?.lane ?? 0, numberId, limit: 5, workerId: newId() });
  await recoverAttempts(worker());
  expect(await readOperations(worker())).toMatchObject({ unknown: messages.length, openBooks: 0 });
  await t.db.execute(sql`update campaign_planning set recipients = recipients + 1 where lane = 0`);
  expect((await readOperations(worker())).openBooks).toBe(1);
  await t.db.execute(sql`update campaign_planning set recipients = recipients - 1 where lane = 0`);
});

test("the worker answers health, readiness and metrics on loopback; the dashboard shows nothing that is not measured", async () => {
  const metrics = createMetrics();
  metrics.claimed(40, 2, 0.02);
  metrics.recorded("accepted");
  let isReady = true;
  const server = await serveOperations(0, {
    ready: async () => isReady,
    metrics: async () => ({
      contentType: metrics.contentType,
      text: await metrics.render(await readOperations(worker())),
    }),
  });
  try {
    const status = async (path: string) => (await fetch(server.url + path)).status;
    expect([await status("/healthz"), await status("/readyz"), await status("/else")]).toEqual([200, 200, 404]);
    isReady = false;
    expect([await status("/healthz"), await status("/readyz")]).toEqual([200, 503]);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain("contraste_attempts_total 40");
    expect(text).toContain('contraste_outcomes_total{kind="accepted"} 1');
    const shown = readFileSync("ops/grafana-dashboard.json", "utf8").match(/contraste_[a-z_0-9]+/g) ?? [];
    const missing = [...new Set(shown)].filter((name) => !text.includes(name));
    expect(missing).toEqual([]);
  } finally {
    await server.close();
  }
});
