import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { laneOf, newId } from "@/lib/foundation/ids";
import { claimMessages } from "./commands/claim-messages";
import { queuedCampaign, type SentCampaign } from "./testing/sent-campaign";

// Each of the gate's twelve reasons, while two workers claim the same lane at once. Business time stands still.

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
const people: string[] = [];
beforeAll(async () => {
  campaign = await queuedCampaign(t, 40);
  const rows = await t.db.execute<{ id: string }>(sql`
    select contact_id as id from messages where campaign_id = ${campaign.campaignId} and state = 'queued' order by contact_id`);
  people.push(...rows.map(({ id }) => id));
});

interface Case {
  check: string;
  /** What makes the check fail for this person. */
  fact(contactId: string): SQL;
  state: "queued" | "skipped" | "missed_deadline";
  reason: string | null;
  /** Of facts that are not the person's alone. */
  undo?: () => SQL;
}

const own = (contactId: string) => sql`lane = lane_of(${contactId}::uuid) and contact_id = ${contactId}::uuid`;
const self = (contactId: string) => sql`lane = lane_of(${contactId}::uuid) and id = ${contactId}::uuid`;
const campaignId = () => sql`${campaign.campaignId}::uuid`;
const hours = { weekdays: [4], from: "08:00", to: "20:00" };

const cases: Case[] = [
  {
    check: "1 kill switch",
    fact: () => sql`insert into kill_switches (id, level, reason, engaged_at)
      values (${newId()}, 'installation', 'test', now())`,
    state: "queued",
    reason: null,
    undo: () => sql`update kill_switches set released_at = now()`,
  },
  {
    check: "2 approved content",
    fact: () => sql`update campaigns set content_hash = 'other ' || content_hash where id = ${campaignId()}`,
    state: "queued",
    reason: "content_changed",
    undo: () => sql`update campaigns set content_hash = approved_hash, status = 'sending', frozen_reason = null
      where id = ${campaignId()}`,
  },
  {
    check: "3 template",
    fact: () => sql`update templates set status = 'DISABLED'`,
    state: "skipped",
    reason: "template_disabled",
    undo: () => sql`update templates set status = 'APPROVED'`,
  },
  {
    check: "4 contact free",
    fact: (id) => sql`update contacts set restricted_at = app_now() where ${self(id)}`,
    state: "skipped",
    reason: "restricted",
  },
  {
    check: "5 consent",
    fact: (id) => sql`update consent_state set status = 'withdrawn' where ${own(id)}`,
    state: "skipped",
    reason: "consent_withdrawn",
  },
  {
    check: "6 suppression",
    fact: (id) => sql`insert into contact_suppressions (lane, contact_id, kind, scope, since)
      values (lane_of(${id}::uuid), ${id}, 'complaint', 'all_marketing', app_now())`,
    state: "skipped",
    reason: "suppressed_complaint",
  },
  {
    check: "7 market and age",
    fact: (id) => sql`update contacts set country = null where ${self(id)}`,
    state: "skipped",
    reason: "country_unknown",
  },
  {
    check: "8 hours",
    fact: () => sql`update campaigns set schedule = jsonb_set(schedule, '{hours}', ${JSON.stringify(hours)}::jsonb)
      where id = ${campaignId()}`,
    state: "queued",
    reason: "campaign_hours",
    undo: () => sql`update campaigns set schedule = jsonb_set(schedule, '{hours}', 'null') where id = ${campaignId()}`,
  },
  {
    check: "9 caps",
    fact: (
      id,
    ) => sql`insert into merged_attempts (lane, contact_id, attempt_id, is_marketing, authorised_at, start_before, cooling_until)
      values (lane_of(${id}::uuid), ${id}, ${newId()}, true, app_now() - interval '2 hours', now() - interval '2 hours',
        app_now() + interval '1 hour')`,
    state: "queued",
    reason: "cooling_down",
  },
  {
    check: "10 pair rate",
    fact: (
      id,
    ) => sql`insert into merged_attempts (lane, contact_id, attempt_id, is_marketing, authorised_at, start_before)
      values (lane_of(${id}::uuid), ${id}, ${newId()}, false, app_now(), clock_timestamp() + interval '1 hour')`,
    state: "queued",
    reason: "pair_rate",
  },
  {
    check: "11 deadline",
    fact: (id) => sql`update messages set deadline_at = app_now() where ${own(id)}`,
    state: "missed_deadline",
    reason: "deadline",
  },
  {
    check: "12 written already",
    fact: (id) => sql`insert into merged_campaigns (lane, contact_id, campaign_id)
      values (lane_of(${id}::uuid), ${id}, ${campaignId()})`,
    state: "skipped",
    reason: "written_already",
  },
];

const claim = (contactId: string) =>
  claimMessages(campaign.world.worker, {
    lane: laneOf(contactId),
    numberId: campaign.world.ids.numberId,
    limit: 50,
    workerId: newId(),
  });

test.each(cases)("two workers at once send nothing against check $check, and it is refused once", async (one) => {
  const contactId = people.pop() ?? "";
  await t.db.execute(one.fact(contactId));
  const claims = await Promise.all([claim(contactId), claim(contactId)]);
  expect(claims.flatMap(({ messages }) => messages).filter((message) => message.contactId === contactId)).toEqual([]);
  const [found] = await t.db.execute(sql`
    select m.state, m.reason,
      (select count(*)::int from send_attempts a where a.lane = m.lane and a.contact_id = m.contact_id) as attempts,
      (select count(*)::int from gate_refusals r where r.lane = m.lane and r.message_id = m.id) as refusals
    from messages m where ${own(contactId)}`);
  const { state, reason } = one;
  expect(found).toEqual({ state, reason, attempts: 0, refusals: state === "queued" ? 0 : 1 });
  if (one.undo) await t.db.execute(one.undo());
});

test("with nothing against it, of two workers at once one sends", async () => {
  const contactId = people.pop() ?? "";
  const claims = await Promise.all([claim(contactId), claim(contactId)]);
  expect(claims.flatMap(({ messages }) => messages).filter((message) => message.contactId === contactId)).toHaveLength(
    1,
  );
});
