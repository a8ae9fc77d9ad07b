import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { suppress } from "@/lib/consent/commands/suppress";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { laneOf, newId } from "@/lib/foundation/ids";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { type Claimed, claimMessages } from "./commands/claim-messages";
import { queuedCampaign, type SentCampaign } from "./testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
let contactId: string;

beforeAll(async () => {
  campaign = await queuedCampaign(t, 60);
});

/** Each test looks at another person of the same campaign. */
beforeEach(async () => {
  const [row] = await t.db.execute<{ contact_id: string }>(sql`
    select contact_id from messages where campaign_id = ${campaign.campaignId} and state = 'queued'
    order by contact_id limit 1`);
  contactId = row?.contact_id ?? "";
});

const claim = (lane = laneOf(contactId)): Promise<Claimed> =>
  claimMessages(campaign.world.worker, { lane, numberId: campaign.world.ids.numberId, limit: 500, workerId: newId() });

/** Something that one side waits for and the other gives. */
function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}

async function message() {
  const [row] = await t.db.execute<{ state: string; reason: string | null; id: string; due: boolean }>(sql`
    select state, reason, id, not_before > app_now() as due from messages
    where lane = lane_of(${contactId}) and contact_id = ${contactId} and campaign_id = ${campaign.campaignId}`);
  return row;
}

async function attempts(): Promise<number> {
  const [row] = await t.db.execute<{ n: number }>(sql`
    select count(*)::int as n from send_attempts where lane = lane_of(${contactId}) and contact_id = ${contactId}`);
  return row?.n ?? 0;
}

test("who consented is sent to once, with the consent named and the checks kept", async () => {
  const claimed = await claim();
  expect(claimed.messages.map((one) => one.contactId)).toContain(contactId);
  const [attempt] = await t.db.execute<{
    basis: string;
    basis_event_id: string;
    checks: number;
    not_evaluated: number;
  }>(sql`
    select a.basis, a.basis_event_id, a.checks, a.not_evaluated from send_attempts a
    join consent_events e on e.lane = a.lane and e.id = a.basis_event_id and e.contact_id = a.contact_id
    join log_entries l on l.lane = a.lane and l.id = a.entry_id
    where a.lane = lane_of(${contactId}) and a.contact_id = ${contactId}`);
  expect(attempt).toMatchObject({ basis: "consent", checks: 0b111111111111, not_evaluated: 0 });
  expect((await claim()).messages.map((one) => one.contactId)).not.toContain(contactId);
  expect(await attempts()).toBe(1);
});

test("nothing commits without its entry in the log", async () => {
  const { db } = campaign.world.worker;
  const gateAlone = db.transaction((tx) =>
    tx.execute(
      sql`select * from gate(${laneOf(contactId)}::smallint, ${campaign.world.ids.numberId}, 500, ${newId()}, ${newId()})`,
    ),
  );
  await expect(gateAlone).rejects.toThrow();
  expect(await message()).toMatchObject({ state: "queued" });
});

test("a STOP that has committed refuses the message, whatever was planned before", async () => {
  await withdrawConsent(campaign.world.worker, {
    withdrawals: [
      { contactId, occurredAt: campaign.world.worker.now(), source: "keyword_in", idempotencyKey: `t ${contactId}` },
    ],
  });
  await claim();
  expect(await message()).toMatchObject({ state: "skipped", reason: "consent_withdrawn" });
  expect(await attempts()).toBe(0);
});

test("a block outranks a consent that is valid", async () => {
  await suppress(campaign.world.worker, {
    suppressions: [{ contactId, kind: "complaint", scope: "all_marketing", since: campaign.world.worker.now() }],
  });
  await claim();
  expect(await message()).toMatchObject({ state: "skipped", reason: "suppressed_complaint" });
});

test.each([
  ["restricted", sql`restricted_at = now()`],
  ["erased", sql`erased_at = now()`],
])("a contact who is %s is not written to", async (reason, change) => {
  await t.db.execute(sql`update contacts set ${change} where lane = lane_of(${contactId}) and id = ${contactId}`);
  await claim();
  expect(await message()).toMatchObject({ state: "skipped", reason });
});

test("a contact whose key is gone reads as erased", async () => {
  await t.keystore.destroy([contactId]);
  await claim(); // finds the key missing, marks the contact, commits nothing else
  await claim();
  expect(await message()).toMatchObject({ state: "skipped", reason: "erased" });
  expect(await attempts()).toBe(0);
});

test("a consent that ran out since planning refuses", async () => {
  await t.db.execute(sql`
    update consent_state set expires_at = app_now() - interval '1 second'
    where lane = lane_of(${contactId}) and contact_id = ${contactId}`);
  await claim();
  expect(await message()).toMatchObject({ state: "skipped", reason: "consent_expired" });
});

test("a deadline that has passed ends as missed, not as sent", async () => {
  await t.db.execute(sql`
    update messages set deadline_at = app_now() where lane = lane_of(${contactId}) and contact_id = ${contactId}`);
  await claim();
  expect(await message()).toMatchObject({ state: "missed_deadline" });
});

test("somebody already written to in this campaign, under another message, is not written to again", async () => {
  // As after a merge of two contacts of one campaign: an attempt to this person that belongs to another message.
  await t.db.execute(sql`
    with entry as (
      insert into log_entries (lane, id, type, leaf, leaf_hash, recorded_at)
      values (lane_of(${contactId}), gen_random_uuid(), 'test', '\\x00', decode(repeat('00', 32), 'hex'), now()) returning lane, id)
    insert into send_attempts (lane, id, message_id, contact_id, campaign_id, n, basis, checks, not_evaluated, authorised_at,
      start_before, worker_id, entry_id)
    select lane, gen_random_uuid(), gen_random_uuid(), ${contactId}, ${campaign.campaignId}, 1, 'consent', 0, 0, now(), now(),
      gen_random_uuid(), id from entry`);
  await claim();
  expect(await message()).toMatchObject({ state: "skipped", reason: "written_already" });
});

test("a kill switch or a pause takes nothing and loses nothing; sending goes on where it stood", async () => {
  const { worker, ids } = campaign.world;
  await engageKillSwitch(worker, { level: "number", targetId: ids.numberId, reason: "test" });
  expect(await claim()).toEqual({ messages: [], refused: 0 });
  await t.db.execute(sql`update kill_switches set released_at = now()`);
  await t.db.execute(sql`update campaigns set status = 'paused' where id = ${campaign.campaignId}`);
  expect(await claim()).toEqual({ messages: [], refused: 0 });
  expect(await message()).toMatchObject({ state: "queued", due: false });
  await t.db.execute(sql`update campaigns set status = 'sending' where id = ${campaign.campaignId}`);
  expect((await claim()).messages.map((one) => one.contactId)).toContain(contactId);
});

test("a template that Meta paused keeps its messages waiting", async () => {
  const { templateIds } = campaign.world;
  await t.db.execute(sql`update templates set status = 'PAUSED' where id in (${templateIds.a}, ${templateIds.b})`);
  await claim();
  expect(await message()).toMatchObject({ state: "queued", reason: "template_paused", due: true });
  await t.db.execute(sql`update templates set status = 'APPROVED'`);
});

test("content that is no longer what was approved freezes the campaign and sends nothing", async () => {
  await t.db.execute(
    sql`update messages set not_before = app_now() where campaign_id = ${campaign.campaignId} and state = 'queued'`,
  );
  const [before] = await t.db.execute<{ hash: string }>(sql`
    update campaigns set content_hash = 'changed' where id = ${campaign.campaignId} returning approved_hash as hash`);
  await claim();
  expect(await attempts()).toBe(0);
  const [row] = await t.db.execute(sql`select status, frozen_reason from campaigns where id = ${campaign.campaignId}`);
  expect(row).toEqual({ status: "frozen", frozen_reason: "content_changed" });
  await t.db.execute(sql`
    update campaigns set content_hash = ${before?.hash ?? ""}, status = 'sending', frozen_reason = null where id = ${campaign.campaignId}`);
});

test("a STOP under way and a claim exclude each other: the message waits, then is refused", async () => {
  await t.db.execute(
    sql`update messages set not_before = app_now() where campaign_id = ${campaign.campaignId} and state = 'queued'`,
  );
  const [stop, held] = [signal(), signal()];
  const { worker } = campaign.world;
  const stopping = worker.db.transaction(async (db) => {
    await withdrawConsent(
      { ...worker, now: () => worker.now(), db },
      {
        withdrawals: [
          { contactId, occurredAt: worker.now(), source: "keyword_in", idempotencyKey: `race ${contactId}` },
        ],
      },
    );
    held.give();
    await stop.given;
  });
  await held.given;
  await claim(); // the contact's row is not to be had: left queued
  expect(await message()).toMatchObject({ state: "queued" });
  stop.give();
  await stopping;
  await claim();
  expect(await message()).toMatchObject({ state: "skipped", reason: "consent_withdrawn" });
  expect(await attempts()).toBe(0);
});

test("no role that runs may move a message by itself", async () => {
  for (const role of ["worker", "console", "ingress"] as const) {
    for (const statement of [
      sql`update messages set state = 'sending'`,
      sql`insert into send_attempts select * from send_attempts limit 0`,
      sql`delete from messages`,
      sql`update send_attempts set basis = 'test'`,
      sql`delete from attempt_outcomes`,
    ]) {
      await expect(t.as(role).execute(statement)).rejects.toMatchObject({ cause: { code: "42501" } });
    }
  }
});
