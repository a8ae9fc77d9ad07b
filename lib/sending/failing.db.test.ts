import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { stopFailingCampaigns } from "./commands/stop-failing-campaigns";
import { type SentCampaign, sentCampaign } from "./testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
const worker = () => campaign.world.worker;
beforeAll(async () => {
  campaign = await sentCampaign(t, 160);
  await t.db.execute(sql`update campaigns set status = 'sending'`);
});

const stops = () =>
  t.db.execute(sql`select level, cause, target_id from kill_switches where released_at is null order by engaged_at`);
const notices = () => t.db.execute(sql`select kind from notices where resolved_at is null`);

/** So many of those who were written to failed with this code, all others were delivered. */
async function fail(count: number, code: number): Promise<void> {
  await t.db.execute(sql`
    update messages set state = 'delivered', error_code = null where state in ('delivered', 'failed')`);
  await t.db.execute(sql`
    update messages set state = 'failed', error_code = ${code}::int, failed_at = app_now() where (lane, id) in (
      select lane, id from messages where state = 'delivered' order by lane, id limit ${count}::int)`);
}

test("a campaign of which three in ten messages fail stops by itself, once, and people are told", async () => {
  await fail(35, 131_026);
  await stopFailingCampaigns(worker());
  expect(await stops(), "fewer than three in ten").toEqual([]);
  await fail(80, 131_049);
  await stopFailingCampaigns(worker());
  expect(await stops(), "Meta's cap of single people").toEqual([]);
  await fail(80, 131_026);
  await stopFailingCampaigns(worker());
  await stopFailingCampaigns(worker());
  expect(await stops()).toEqual([{ level: "campaign", cause: "failure_rate", target_id: campaign.campaignId }]);
  expect(await notices()).toEqual([{ kind: "campaign_failing" }]);
});

test("after two people let it go on, what failed before counts no more", async () => {
  await t.db.execute(sql`update kill_switches set released_at = app_now()`);
  await stopFailingCampaigns(worker());
  expect(await stops()).toEqual([]);
});
