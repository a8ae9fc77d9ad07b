import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { listDueLanes } from "./queries/list-due-lanes";
import { queuedCampaign, type SentCampaign } from "./testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
beforeAll(async () => {
  campaign = await queuedCampaign(t, 60);
});

const due = async () => (await listDueLanes(campaign.world.worker)).map(({ numberId }) => numberId);

test("nothing under a kill switch is visited, at whatever level, until it is released", async () => {
  const { numberId } = campaign.world.ids;
  expect(await due()).toEqual([numberId]);
  for (const stop of [
    { level: "installation" as const, reason: "x" },
    { level: "number" as const, targetId: numberId, reason: "x" },
    { level: "campaign" as const, targetId: campaign.campaignId, reason: "x" },
  ]) {
    await engageKillSwitch(campaign.world.worker, stop);
    expect(await due(), stop.level).toEqual([]);
    await t.db.execute(sql`update kill_switches set released_at = app_now()`);
    expect(await due()).toEqual([numberId]);
  }
});
