import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { advanceSending } from "@/lib/sending/commands/advance-sending";
import { getBooks } from "@/lib/sending/queries/get-books";
import { listWaves } from "@/lib/sending/queries/list-waves";
import { launchedCampaign } from "@/lib/sending/testing/sent-campaign";
import { type WiredCampaign, wired } from "./testing/wired-campaign";

// A campaign at ten o'clock of each person's clock, over three zones, sent through the sandbox while days go by in seconds.

const t = await testDatabase();
let campaign: WiredCampaign;

beforeAll(async () => {
  const places = [
    { country: "ES", zone: "Europe/Madrid" },
    { country: "MX", zone: "America/Mexico_City" },
    { country: "IN", zone: "Asia/Kolkata" },
  ];
  const schedule = { timing: { kind: "local" as const, date: "2026-12-03", time: "10:00" } };
  campaign = await wired(t, await launchedCampaign(t, 96, { places, schedule }));
});
afterAll(async () => {
  await campaign?.close();
  await t.close();
});

async function arrivedBy(time: Date): Promise<number> {
  await campaign.setTime(time.toISOString());
  await advanceSending(campaign.world.worker); // plans what is due
  await advanceSending(campaign.world.worker); // releases what is planned
  await campaign.send();
  return (await campaign.control.state()).accepted;
}

test("what arrived is what the table of waves says: nobody before their time, everybody at it, and the books close", async () => {
  const { world, campaignId } = campaign;
  expect(await arrivedBy(new Date("2026-12-03T04:29:59Z"))).toBe(0);
  expect(await listWaves(world.people.lucia, { campaignId })).toEqual([]);
  let arrived = await arrivedBy(new Date("2026-12-03T04:30:00Z"));
  const waves = await listWaves(world.people.lucia, { campaignId });
  expect(waves.map(({ at, zone }) => `${at.toISOString()} ${zone}`)).toEqual([
    "2026-12-03T04:30:00.000Z Asia/Kolkata",
    "2026-12-03T09:00:00.000Z Europe/Madrid",
    "2026-12-03T16:00:00.000Z America/Mexico_City",
  ]);
  expect(arrived).toBe(waves[0]?.people);
  for (const { at, people } of waves.slice(1)) {
    expect(await arrivedBy(new Date(at.getTime() - 1_000))).toBe(arrived);
    arrived += people;
    expect(await arrivedBy(at)).toBe(arrived);
  }
  await campaign.settle();
  const books = await getBooks(world.worker, { campaignId });
  expect(books.isClosed).toBe(true);
  expect(arrived).toBe(books.parts.filter(({ key }) => key !== "holdout").reduce((sum, { people }) => sum + people, 0));
  expect((await campaign.control.state()).mostAcceptedByOnePerson).toBe(1);
});
