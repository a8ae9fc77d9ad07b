import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { cancelLaunch } from "@/lib/campaigns/commands/cancel-launch";
import { startLate } from "@/lib/campaigns/commands/start-late";
import { getCampaign } from "@/lib/campaigns/queries/get-campaign";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { allocate } from "@/lib/experiments/allocation";
import { LANES } from "@/lib/foundation/ids";
import { advanceSending } from "./commands/advance-sending";
import { planCampaign } from "./commands/plan-campaign";
import { getBooks } from "./queries/get-books";
import { launchedCampaign, type SentCampaign } from "./testing/sent-campaign";

const PEOPLE = 128;
const places = [
  { country: "ES", zone: "Europe/Madrid" },
  { country: "MX", zone: "America/Mexico_City" },
  { country: "IN", zone: "Asia/Kolkata" },
  { country: "ES", zone: null },
];
const schedule = { timing: { kind: "local" as const, date: "2026-12-03", time: "10:00" } };

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
});
afterEach(() => t.close());

interface Planned extends Record<string, unknown> {
  contact_id: string;
  variant: string;
  at: string;
}

function planned({ campaignId }: SentCampaign) {
  return t.db.execute<Planned>(sql`
    select contact_id, variant, to_char(not_before at time zone 'UTC', 'DD HH24:MI') as at from messages
    where campaign_id = ${campaignId} order by lane, contact_id`);
}

function waves({ campaignId }: SentCampaign) {
  return t.db.execute<{ at: string; country: string; zone: string; people: number; held_out: number }>(sql`
    select to_char(send_at at time zone 'UTC', 'DD HH24:MI') as at, country, zone, sum(people)::int as people,
      sum(held_out)::int as held_out
    from campaign_waves where campaign_id = ${campaignId} group by send_at, country, zone order by send_at, country, zone`);
}

test("people of a place have the same time, the holdout too; the table of waves says how many", async () => {
  const campaign = await launchedCampaign(t, PEOPLE, { places, schedule });
  const { world, campaignId, setTime } = campaign;
  expect((await getCampaign(world.people.lucia, { campaignId })).startsAt?.toISOString()).toBe(
    "2026-12-03T04:30:00.000Z",
  );
  await setTime("2026-12-03T04:29:59.000Z");
  await advanceSending(world.worker);
  expect(await planned(campaign)).toEqual([]);
  await setTime("2026-12-03T04:30:00.000Z");
  await advanceSending(world.worker);
  const found = await waves(campaign);
  expect(found.map(({ at, zone }) => `${at} ${zone}`)).toEqual([
    "03 04:30 Asia/Kolkata",
    "03 09:00 Europe/Madrid",
    "03 10:00 ", // Ten o'clock in the Canaries, the last zone of Spain to have it.
    "03 16:00 America/Mexico_City",
  ]);
  const messages = await planned(campaign);
  const of = (at: string, isHeldOut: boolean) =>
    messages.filter((one) => one.at === at && (one.variant === "holdout") === isHeldOut).length;
  for (const { at, people, held_out } of found) {
    expect([people, held_out]).toEqual([of(at, false), of(at, true)]);
    expect(people + held_out).toBe(PEOPLE / places.length);
  }
});

test("planning that is cut off in any lane goes on where it was: everybody once, as the seed says", async () => {
  const campaign = await launchedCampaign(t, PEOPLE, { places, schedule });
  const { world, campaignId, contactIds, setTime } = campaign;
  await setTime("2026-12-03T04:30:00.000Z");
  await t.db.execute(sql`create table falls as select 0 as lane`);
  await t.db.execute(sql`
    create function fall() returns trigger language plpgsql as $$ begin
      if new.lane in (select lane from falls) then raise 'cut off'; end if;
      return new; end $$`);
  await t.db.execute(sql`create trigger falls before insert on campaign_waves for each row execute function fall()`);
  for (const lane of [0, 7, 22, 63]) {
    await t.db.execute(sql`update falls set lane = ${lane}`);
    expect(await refusalOf(planCampaign(world.worker, { campaignId }))).not.toBe("no refusal");
    const books = await getBooks(world.people.lucia, { campaignId });
    expect(books.recipients).toBeLessThan(PEOPLE);
  }
  await t.db.execute(sql`drop trigger falls on campaign_waves`);
  await planCampaign(world.worker, { campaignId });
  await planCampaign(world.worker, { campaignId });
  const { plan } = await getCampaign(world.people.lucia, { campaignId });
  if (!plan) throw new Error("a launched campaign has a plan");
  const expected = Array.from({ length: LANES }, (_, lane) =>
    allocate({
      seed: Buffer.from(plan.seed, "hex"),
      lane,
      arms: plan.plan.arms,
      holdoutBasisPoints: plan.plan.holdoutBasisPoints,
      contacts: contactIds
        .map((id, index) => ({ id, stratum: places[index % places.length]?.country ?? "" }))
        .filter(({ id }) => (Number.parseInt(id.slice(-2), 16) & 63) === lane),
    }),
  ).flat();
  const found = await planned(campaign);
  const byId = (one: { id: string; part: string }, two: { id: string; part: string }) => (one.id < two.id ? -1 : 1);
  expect(found.map(({ contact_id: id, variant: part }) => ({ id, part })).sort(byId)).toEqual(
    expected.map(({ id, part }) => ({ id, part })).sort(byId),
  );
  expect((await getCampaign(world.people.lucia, { campaignId })).status).toBe("sending");
});

test("so many a day and no more: the rest on the days after at the same local time", async () => {
  const one = [{ country: "ES", zone: "Europe/Madrid" }];
  const campaign = await launchedCampaign(t, PEOPLE, { places: one, schedule: { ...schedule, perDay: 40 } });
  await campaign.setTime("2026-12-03T09:00:00.000Z");
  await advanceSending(campaign.world.worker);
  const found = await waves(campaign);
  expect(found.map(({ at }) => at)).toEqual(["03 09:00", "04 09:00", "05 09:00"]);
  expect(found.slice(0, 2).map(({ people }) => people)).toEqual([40, 40]);
  expect(found.reduce((sum, { people, held_out }) => sum + people + held_out, 0)).toBe(PEOPLE);
});

test("who left the last two unread rests, if they were ever seen to read; who read, or never shows it, does not", async () => {
  const campaign = await launchedCampaign(t, 64);
  const { world, campaignId, contactIds, setTime } = campaign;
  await t.db.execute(sql`update purposes set unread_limit = 2`);
  const { campaignId: before } = await world.readyCampaign("Antes");
  const [tired = "", reader = "", hidden = "", once = ""] = contactIds;
  /** An earlier message, delivered so many days ago. */
  const got = (contactId: string, days: number, isRead: boolean) =>
    t.db.execute(sql`
      insert into messages (lane, id, campaign_id, contact_id, variant, purpose_id, state, not_before, planned_at, state_at,
        delivered_at, read_at)
      select lane_of(${contactId}), gen_random_uuid(), c.id, ${contactId}, 'A', ${world.ids.purposeId}, 'delivered', app_now(),
        app_now(), app_now(), app_now() - make_interval(days => ${days}::int), case when ${isRead}::boolean then app_now() end
      from insert_campaign(${before}::uuid) as c(id)`);
  await t.db.execute(sql`
    create function insert_campaign(p_like uuid) returns uuid language sql as $$
      insert into campaigns (id, brand_id, name, status, goal, created_at, updated_at)
      select gen_random_uuid(), brand_id, 'Antes', 'concluded', goal, created_at, updated_at from campaigns where id = p_like
      returning id $$`);
  for (const [contactId, reads] of [
    [tired, [true, false, false]],
    [reader, [false, false, true]],
    [hidden, [false, false, false]],
    [once, [true, false]],
  ] as const)
    for (const [index, isRead] of reads.entries()) await got(contactId, 20 - index * 5, isRead);
  await setTime("2026-12-01T09:05:00.000Z");
  await advanceSending(world.worker);
  const left = await t.db.execute(sql`
    select contact_id, reason from campaign_exclusions where campaign_id = ${campaignId}`);
  expect(left).toEqual([{ contact_id: tired, reason: "fatigue" }]);
});

describe("a start that was missed by more than an hour", () => {
  const due = "2026-12-03T04:30:00.000Z";
  const missed = async () => {
    const campaign = await launchedCampaign(t, 8, { places, schedule });
    await campaign.setTime("2026-12-03T05:30:01.000Z");
    await advanceSending(campaign.world.worker);
    await advanceSending(campaign.world.worker);
    return campaign;
  };
  const openNotices = () =>
    t.db.execute(sql`select kind, count from notices where kind = 'campaign_late' and resolved_at is null`);

  test("asks a person, once, and nobody is drawn", async () => {
    const campaign = await missed();
    expect(await planned(campaign)).toEqual([]);
    expect(await openNotices()).toEqual([{ kind: "campaign_late", count: 1 }]);
    const view = await getCampaign(campaign.world.people.lucia, { campaignId: campaign.campaignId });
    expect(view).toMatchObject({ status: "scheduled", lateSince: new Date("2026-12-03T05:30:01.000Z") });
    expect(view.startsAt?.toISOString()).toBe(due);
  });

  test("begins when somebody says so: whose time has passed at once, the others at theirs", async () => {
    const campaign = await missed();
    await startLate(campaign.world.people.lucia, { campaignId: campaign.campaignId });
    await advanceSending(campaign.world.worker);
    expect((await waves(campaign)).map(({ at }) => at)).toEqual(["03 05:30", "03 09:00", "03 10:00", "03 16:00"]);
    expect(await openNotices()).toEqual([]);
  });

  test("or is taken back: approved again, and launched anew it has a new start", async () => {
    const { world, campaignId } = await missed();
    await cancelLaunch(world.people.lucia, { campaignId });
    expect(await openNotices()).toEqual([]);
    const view = await getCampaign(world.people.lucia, { campaignId });
    expect(view).toMatchObject({ status: "approved", isApproved: true, startsAt: null, lateSince: null });
    expect(await refusalOf(startLate(world.people.lucia, { campaignId }))).toMatchObject({
      code: "campaign_not_launchable",
    });
  });
});
