import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { mergeContacts } from "@/lib/consent/commands/merge-contacts";
import { laneOf, newId } from "@/lib/foundation/ids";
import { claimMessages } from "./commands/claim-messages";
import { marketingRestHours } from "./outcome";
import { queuedCampaign, type SentCampaign } from "./testing/sent-campaign";

// Checks 7 to 10 of the gate. It is Tuesday 1 December 2026, 09:05 in UTC and 10:05 in Madrid, and stands still.

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
let otherCampaignId: string;
let contactId: string;

beforeAll(async () => {
  campaign = await queuedCampaign(t, 60);
  ({ campaignId: otherCampaignId } = await campaign.world.readyCampaign("Otra"));
});

/** Each test looks at another person of the same campaign. */
beforeEach(async () => {
  const [row] = await t.db.execute<{ contact_id: string }>(sql`
    select contact_id from messages where campaign_id = ${campaign.campaignId} and state = 'queued' and reason is null
    order by contact_id limit 1`);
  contactId = row?.contact_id ?? "";
});

async function claim() {
  const { worker, ids } = campaign.world;
  await claimMessages(worker, { lane: laneOf(contactId), numberId: ids.numberId, limit: 500, workerId: newId() });
  const [row] = await t.db.execute<{ state: string; reason: string | null; not_before: string }>(sql`
    select state, reason, to_char(not_before at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as not_before from messages
    where lane = lane_of(${contactId}) and contact_id = ${contactId} and campaign_id = ${campaign.campaignId}`);
  return row;
}

/** A rule of Spain's own for the length of one test. */
async function ruleForSpain(rule: {
  perDay?: number;
  perWeek?: number;
  blocked?: string;
  opens?: string;
  consentAge?: number;
}) {
  const { perDay = 100, perWeek = 500, blocked = "{}", opens = "00:00", consentAge = null } = rule;
  await t.db.execute(sql`delete from policy_windows where country = 'ES'`);
  await t.db.execute(sql`delete from policy_countries where country = 'ES'`);
  await t.db.execute(sql`
    insert into policy_countries (version_id, country, closes_on_holidays, per_day, per_week, blocked_categories, consent_age)
    select id, 'ES', false, ${perDay}, ${perWeek}, ${blocked}::text[], ${consentAge} from policy_versions`);
  await t.db.execute(sql`
    insert into policy_windows (version_id, country, weekday, opens, closes)
    select id, 'ES', day, ${opens}::time, '24:00' from policy_versions, generate_series(1, 7) as day`);
}

/** An earlier message of another campaign to this person, attempted some time ago. */
async function writtenTo(ago: SQL, { outcome }: { outcome?: string } = {}): Promise<void> {
  const [message, attempt] = [newId(), newId()];
  await t.db.execute(sql`
    insert into messages (lane, id, campaign_id, contact_id, variant, purpose_id, state, not_before, planned_at, state_at)
    values (lane_of(${contactId}), ${message}, ${otherCampaignId}, ${contactId}, 'A', ${campaign.world.ids.purposeId}, 'delivered',
      app_now(), app_now(), app_now())`);
  await t.db.execute(sql`
    with entry as (
      insert into log_entries (lane, id, type, leaf, leaf_hash, recorded_at)
      values (lane_of(${contactId}), ${newId()}::uuid, 'test', '\\x00', decode(repeat('00', 32), 'hex'), now()) returning lane, id
    ), attempt as (
      insert into send_attempts (lane, id, message_id, contact_id, campaign_id, n, basis, checks, not_evaluated, authorised_at,
        start_before, worker_id, entry_id)
      select lane, ${attempt}::uuid, ${message}, ${contactId}, ${otherCampaignId}, 1, 'consent', 4095, 0, app_now() - ${ago},
        clock_timestamp() - ${ago} + interval '2 seconds', ${newId()}::uuid, id from entry)
    insert into attempt_outcomes (lane, attempt_id, n, kind, at, entry_id)
    select lane, ${attempt}::uuid, 1, ${outcome ?? "accepted"}, app_now(), id from entry`);
}

test("a category that is blocked in a country is never sent there", async () => {
  await ruleForSpain({ blocked: "{MARKETING}" });
  expect(await claim()).toMatchObject({ state: "skipped", reason: "market_blocked" });
  await ruleForSpain({});
});

test("whose country is unknown is not written to", async () => {
  await t.db.execute(sql`update contacts set country = null where lane = lane_of(${contactId}) and id = ${contactId}`);
  expect(await claim()).toMatchObject({ state: "skipped", reason: "country_unknown" });
});

test.each([
  [null, { state: "skipped", reason: "age_unknown" }],
  [17, { state: "skipped", reason: "too_young" }],
  [18, { state: "sending", reason: null }],
])("a purpose for adults: declared age %s", async (age, found) => {
  await t.db.execute(sql`update purposes set min_age = 18`);
  await t.db.execute(
    sql`update contacts set age_at_least = ${age}::smallint where lane = lane_of(${contactId}) and id = ${contactId}`,
  );
  expect(await claim()).toMatchObject(found);
  await t.db.execute(sql`update purposes set min_age = null`);
});

test("who is known to be below the age of consent of their country is not written to, whatever the purpose", async () => {
  await ruleForSpain({ consentAge: 14 });
  await t.db.execute(
    sql`update contacts set age_at_least = 13 where lane = lane_of(${contactId}) and id = ${contactId}`,
  );
  expect(await claim()).toMatchObject({ state: "skipped", reason: "too_young" });
  await ruleForSpain({});
});

test("before the window opens a message waits, and exactly until it does", async () => {
  await ruleForSpain({ opens: "11:30" });
  await t.db.execute(sql`
    update contacts set time_zone = 'Atlantic/Canary' where lane = lane_of(${contactId}) and id = ${contactId}`);
  expect(await claim()).toEqual({ state: "queued", reason: "quiet_hours", not_before: "2026-12-01 11:30:00" });
  await ruleForSpain({});
});

test("a zone that means nothing is an unknown zone, and stops nobody else", async () => {
  await t.db.execute(sql`
    update contacts set time_zone = 'Europe/Nowhere' where lane = lane_of(${contactId}) and id = ${contactId}`);
  expect(await claim()).toMatchObject({ state: "sending" });
});

test("a day's cap counts messages of every campaign and waits until the oldest of them is a day old", async () => {
  await ruleForSpain({ perDay: 1 });
  await writtenTo(sql`interval '20 hours'`);
  expect(await claim()).toEqual({ state: "queued", reason: "frequency_cap", not_before: "2026-12-01 13:05:00" });
  await ruleForSpain({});
});

test("a week's cap waits until the oldest of its messages is a week old", async () => {
  await ruleForSpain({ perDay: 1, perWeek: 1 });
  await writtenTo(sql`interval '3 days'`);
  expect(await claim()).toEqual({ state: "queued", reason: "frequency_cap", not_before: "2026-12-05 09:05:00" });
  await ruleForSpain({});
});

test("an attempt that is proven unsent is none for the caps", async () => {
  await ruleForSpain({ perDay: 1 });
  await writtenTo(sql`interval '2 hours'`, { outcome: "unsent" });
  expect(await claim()).toMatchObject({ state: "sending" });
  await ruleForSpain({});
});

/** What one purpose allows a person, for the length of one test. */
async function purposeAllows(caps: { perDay?: number; perWeek?: number; perMonth?: number; spacing?: number }) {
  const { perDay = null, perWeek = null, perMonth = null, spacing = null } = caps;
  await t.db.execute(sql`
    update purposes set per_day = ${perDay}::int, per_week = ${perWeek}::int, per_month = ${perMonth}::int, spacing_hours = ${spacing}::int`);
}

test.each([
  ["24 hours", { perDay: 1 }, "20 hours", "2026-12-01 13:05:00"],
  ["7 days", { perWeek: 1 }, "6 days", "2026-12-02 09:05:00"],
  ["30 days", { perMonth: 1 }, "29 days", "2026-12-02 09:05:00"],
  ["the spacing", { spacing: 72 }, "2 days", "2026-12-02 09:05:00"],
])("a purpose's own cap counts every campaign of it: %s", async (_, caps, ago, until) => {
  await purposeAllows(caps);
  await writtenTo(sql`${ago}::interval`);
  expect(await claim()).toEqual({ state: "queued", reason: "purpose_cap", not_before: until });
  await purposeAllows({});
});

test.each([
  ["24 hours", { perDay: 1 }, "25 hours"],
  ["7 days", { perWeek: 1 }, "8 days"],
  ["30 days", { perMonth: 1 }, "31 days"],
  ["the spacing", { spacing: 24 }, "25 hours"],
])("a purpose's own cap does not count what is out of its time: %s", async (_, caps, ago) => {
  await purposeAllows(caps);
  await writtenTo(sql`${ago}::interval`);
  expect(await claim()).toMatchObject({ state: "sending" });
  await purposeAllows({});
});

test("a purpose's own cap does not count what was for another purpose", async () => {
  await purposeAllows({ perDay: 1 });
  await writtenTo(sql`interval '2 hours'`);
  await t.db.execute(sql`
    update messages set purpose_id = ${newId()} where contact_id = ${contactId} and campaign_id = ${otherCampaignId}`);
  expect(await claim()).toMatchObject({ state: "sending" });
  await purposeAllows({});
});

test("outside the campaign's own days and hours a message waits for the next of them, by the person's clock", async () => {
  const hoursAre = (hours: object | null) =>
    t.db.execute(sql`
      update campaigns set schedule = jsonb_set(schedule, '{hours}', ${JSON.stringify(hours)}::jsonb) where id = ${campaign.campaignId}`);
  const livesIn = (zone: string | null) =>
    t.db.execute(sql`
      update contacts set time_zone = ${zone} where lane = lane_of(${contactId}) and id = ${contactId}`);
  await livesIn("Atlantic/Canary"); // 09:05 there
  await hoursAre({ weekdays: [2, 4], from: "10:00", to: "12:00" });
  expect(await claim()).toEqual({ state: "queued", reason: "campaign_hours", not_before: "2026-12-01 10:00:00" });
  await hoursAre({ weekdays: [4], from: "08:00", to: "24:00" });
  await t.db.execute(sql`update messages set not_before = app_now() where contact_id = ${contactId}`);
  expect(await claim()).toEqual({ state: "queued", reason: "campaign_hours", not_before: "2026-12-03 08:00:00" });
  // Unknown zone: ten o'clock in Madrid is nine in the Canaries, and it must suit both.
  await livesIn(null);
  await hoursAre({ weekdays: [2], from: "09:30", to: "20:00" });
  await t.db.execute(sql`update messages set not_before = app_now() where contact_id = ${contactId}`);
  expect(await claim()).toEqual({ state: "queued", reason: "campaign_hours", not_before: "2026-12-01 09:30:00" });
  await hoursAre({ weekdays: [2], from: "09:00", to: "20:00" });
  await t.db.execute(sql`update messages set not_before = app_now() where contact_id = ${contactId}`);
  expect(await claim()).toMatchObject({ state: "sending" });
  await hoursAre(null);
});

test("two messages to one person keep six seconds of real time between them", async () => {
  await writtenTo(sql`interval '5 seconds'`);
  expect(await claim()).toEqual({ state: "queued", reason: "pair_rate", not_before: "2026-12-01 09:05:06" });
});

test("of two campaigns that are due for one person at once, one writes and the caps and the spacing hold for the other", async () => {
  await ruleForSpain({ perDay: 1 });
  const twin = newId();
  const from = campaign.campaignId;
  const copies = {
    campaigns: sql`jsonb_build_object('id', ${twin}::uuid)`,
    campaign_variants: sql`jsonb_build_object('campaign_id', ${twin}::uuid)`,
    campaign_approvals: sql`jsonb_build_object('campaign_id', ${twin}::uuid, 'id', gen_random_uuid())`,
    messages: sql`jsonb_build_object('campaign_id', ${twin}::uuid, 'id', gen_random_uuid(), 'link_code', null)`,
  };
  for (const [table, changes] of Object.entries(copies)) {
    const of = table === "campaigns" ? sql`o.id = ${from}` : sql`o.campaign_id = ${from}`;
    const only =
      {
        messages: sql`${of} and o.contact_id = ${contactId}`,
        campaign_approvals: sql`${of} and o.decision = 'approved'`,
      }[table] ?? of;
    const name = sql.identifier(table);
    await t.db.execute(
      sql`insert into ${name} select (jsonb_populate_record(o, ${changes})).* from ${name} o where ${only}`,
    );
  }
  const states = () =>
    t.db.execute(sql`select state, reason from messages where contact_id = ${contactId} order by state desc`);
  await claim();
  expect(await states()).toEqual([
    { state: "sending", reason: null },
    { state: "queued", reason: null },
  ]);
  await claim();
  expect(await states()).toEqual([
    { state: "sending", reason: null },
    { state: "queued", reason: "frequency_cap" },
  ]);
  await t.db.execute(sql`update messages set state = 'cancelled' where campaign_id = ${twin}`);
  await ruleForSpain({});
});

test("marketing rests for a day where Meta refused it for this person, and no longer", async () => {
  const refused = sql`
    update messages set state = 'failed', error_code = 131049, failed_at = app_now() - interval '23 hours'
    where contact_id = ${contactId} and campaign_id = ${otherCampaignId}`;
  await writtenTo(sql`interval '23 hours'`);
  await t.db.execute(refused);
  expect(await claim()).toEqual({ state: "queued", reason: "cooling_down", not_before: "2026-12-01 10:05:00" });
  await t.db.execute(sql`
    update messages set state_at = app_now() - interval '25 hours', failed_at = app_now() - interval '25 hours'
    where contact_id = ${contactId} and campaign_id = ${otherCampaignId}`);
  await t.db.execute(
    sql`update messages set not_before = app_now() where contact_id = ${contactId} and state = 'queued'`,
  );
  expect(await claim()).toMatchObject({ state: "sending" });
});

test("each refusal of Meta's in a row doubles the rest, to a week; marketing that was delivered begins anew", async () => {
  const restsUntil = async () => {
    const [row] = await t.db.execute<{ hours: number | null }>(sql`
      select extract(epoch from marketing_rests_until(lane_of(${contactId}), ${contactId}::uuid, app_now()) - app_now())::float8
        / 3600 as hours`);
    return row?.hours ?? null;
  };
  const happened = (state: "failed" | "delivered", daysAgo: number) => {
    const at = sql`app_now() - make_interval(days => ${daysAgo})`;
    return t.db.execute(sql`
      insert into messages select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'campaign_id', null, 'kind', 'test', 'basis', 'test',
        'variant', null, 'state', ${state}::text, 'state_at', ${at}, 'link_code', null, 'attempt_id', null,
        'error_code', ${state === "failed" ? 131049 : null}::int, 'failed_at', case when ${state === "failed"}::boolean then ${at} end,
        'delivered_at', case when ${state === "delivered"}::boolean then ${at} end))).*
      from messages m where m.contact_id = ${contactId} limit 1`);
  };
  expect(await restsUntil()).toBeNull();
  for (const refusals of [1, 2, 3, 4, 5]) {
    await happened("failed", 0);
    expect(await restsUntil()).toBe(marketingRestHours(refusals));
  }
  expect(marketingRestHours(5)).toBe(168);
  await t.db.execute(sql`
    update messages set failed_at = app_now() - interval '9 days', state_at = app_now() - interval '9 days'
    where contact_id = ${contactId} and state = 'failed'`);
  await happened("delivered", 5);
  expect(await restsUntil()).toBeNull();
  await happened("failed", 0);
  expect(await restsUntil()).toBe(24);
  await t.db.execute(sql`delete from messages where contact_id = ${contactId} and campaign_id is null`);
});

test("what was sent to somebody under another contact of ours counts for the caps, the spacing and the day of rest", async () => {
  await ruleForSpain({ perDay: 1 });
  const others = await t.db.execute<{ id: string }>(sql`
    select contact_id as id from messages where campaign_id = ${campaign.campaignId} and state = 'queued' and reason is null
      and contact_id <> ${contactId} order by contact_id limit 3`);
  const [into = "", spaced = "", cooled = ""] = others.map(({ id }) => id);
  const merge = async (to: string) => {
    await mergeContacts(campaign.world.worker, { into: to, from: contactId, reason: "decided" });
    contactId = to;
    // What check 12 says of a campaign that wrote to both is another test's matter.
    await t.db.execute(sql`delete from merged_campaigns`);
  };
  await writtenTo(sql`interval '5 hours'`);
  await merge(into);
  expect(await claim()).toEqual({ state: "queued", reason: "frequency_cap", not_before: "2026-12-02 04:05:00" });
  await ruleForSpain({});
  await t.db.execute(sql`update merged_attempts set start_before = clock_timestamp()`);
  await merge(spaced);
  expect(await claim()).toMatchObject({ state: "queued", reason: "pair_rate" });
  await t.db.execute(sql`
    update merged_attempts set start_before = start_before - interval '1 minute', cooling_until = app_now() + interval '1 hour'`);
  await merge(cooled);
  expect(await claim()).toMatchObject({ state: "queued", reason: "cooling_down", not_before: "2026-12-01 10:05:00" });
  await t.db.execute(sql`
    update messages set state = 'cancelled' where state = 'queued'
      and contact_id in (select id from contacts where merged_into is not null)`);
});

test("what was sent to somebody under another contact counts for a purpose's month, too", async () => {
  const [row] = await t.db.execute<{ id: string }>(sql`
    select contact_id as id from messages where campaign_id = ${campaign.campaignId} and state = 'queued' and reason is null
      and contact_id <> ${contactId} order by contact_id limit 1`);
  const into = row?.id ?? "";
  await purposeAllows({ perMonth: 1 });
  await writtenTo(sql`interval '20 days'`);
  await mergeContacts(campaign.world.worker, { into, from: contactId, reason: "decided" });
  await t.db.execute(sql`update messages set state = 'cancelled' where state = 'queued' and contact_id = ${contactId}`);
  contactId = into;
  await t.db.execute(sql`delete from merged_campaigns`);
  expect(await claim()).toEqual({ state: "queued", reason: "purpose_cap", not_before: "2026-12-11 09:05:00" });
  await purposeAllows({});
});

test("without rules in force everything waits and nothing is lost", async () => {
  await t.db.execute(sql`update policy_versions set decision = 'refused'`);
  expect(await claim()).toMatchObject({ state: "queued", reason: "rules_missing" });
  await t.db.execute(sql`update policy_versions set decision = 'approved'`);
});

test("an approval that nobody signed sends nothing, whatever hash stands beside the content", async () => {
  await t.db.execute(
    sql`update campaigns set content_hash = 'forged', approved_hash = 'forged' where id = ${campaign.campaignId}`,
  );
  expect(await claim()).toMatchObject({ state: "queued", reason: "content_changed" });
});
