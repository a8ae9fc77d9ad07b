import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { setStopRule } from "./commands/set-stop-rule";
import { stopRefusedCampaigns } from "./commands/stop-refused-campaigns";
import { watchClock } from "./commands/watch-clock";
import { getStopRule, previewStopRule } from "./queries/get-stop-rule";
import { type SentCampaign, sentCampaign } from "./testing/sent-campaign";

// What the product stops by itself (compliance 3.3).

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
let reached: string[] = [];
const worker = () => campaign.world.worker;
beforeAll(async () => {
  campaign = await sentCampaign(t, 60);
  await t.db.execute(sql`update campaigns set status = 'sending'`);
  const rows = await t.db.execute<{ id: string }>(sql`
    select contact_id as id from messages where state = 'delivered' order by id`);
  reached = rows.map(({ id }) => id);
});

const switches = () =>
  t.db.execute<{ level: string; cause: string; target_id: string | null }>(sql`
    select level, cause, target_id from kill_switches where released_at is null order by engaged_at`);
const openNotices = async () =>
  (await t.db.execute<{ kind: string }>(sql`select kind from notices where resolved_at is null order by kind`)).map(
    ({ kind }) => kind,
  );

async function optOut(count: number): Promise<void> {
  const contactIds = reached.splice(0, count);
  for (const contactId of contactIds) {
    await withdrawConsent(worker(), {
      withdrawals: [
        { contactId, occurredAt: worker().now(), source: "keyword_in", idempotencyKey: `stop ${contactId}` },
      ],
    });
    await t.db.execute(sql`update messages set opted_out_at = app_now() where contact_id = ${contactId}`);
  }
}

test("a campaign that too many of those it reached opt out of stops by itself, once enough were reached", async () => {
  const stop = { level: "campaign", cause: "opt_out_rate", target_id: campaign.campaignId };
  await optOut(2);
  await stopRefusedCampaigns(worker());
  expect(await switches(), "two of some fifty, but fewer than 200").toEqual([]);
  const rule = { share: 0.1, after: 40, reason: "pocas personas" };
  const { iria, lucia } = campaign.world.people;
  await expect(setStopRule(lucia, rule)).rejects.toMatchObject({ code: "forbidden" });
  expect(await previewStopRule(iria, { share: 0.02, after: 40 })).toMatchObject([{ refused: 2 }]);
  await setStopRule(iria, rule);
  expect(await getStopRule(lucia)).toEqual({ share: 0.1, after: 40 });
  const [logged] = await t.db.execute<{ data: string }>(sql`
    select data from audit_events where type = 'stop_rule.changed'`);
  expect(JSON.parse(logged?.data ?? "")).toMatchObject({ from: { share: "0.02", after: 200 }, to: { share: "0.1" } });
  await stopRefusedCampaigns(worker());
  expect(await switches(), "fewer than one in ten").toEqual([]);
  await optOut(5);
  await stopRefusedCampaigns(worker());
  await stopRefusedCampaigns(worker());
  expect(await switches()).toEqual([stop]);
  expect(await openNotices()).toEqual(["campaign_refused"]);
});

test("after two people let it go on, those reached before count no more", async () => {
  await t.db.execute(sql`update kill_switches set released_at = app_now()`);
  await stopRefusedCampaigns(worker());
  expect(await switches()).toEqual([]);
});

test("clocks that are more than two seconds apart stop everything once; a slow answer is no difference", async () => {
  expect(await watchClock(worker())).toBeLessThan(2_000);
  let asked = 0;
  await watchClock(worker(), () => Date.now() + (asked++ === 0 ? -60_000 : 60_000));
  expect(await switches()).toEqual([]);
  for (const apart of [-5_000, 5_000]) await watchClock(worker(), () => Date.now() + apart);
  expect(await switches()).toEqual([{ level: "installation", cause: "clock_skew", target_id: null }]);
  expect(await openNotices()).toContain("sending_stopped");
});
