import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { laneOf, newId } from "@/lib/foundation/ids";
import { type ClaimedMessage, claimMessages } from "./commands/claim-messages";
import { recordDeliveryStatuses } from "./commands/record-delivery-statuses";
import { recordOutcomes } from "./commands/record-outcomes";
import { cancelStoppedMessages, settleMessages } from "./commands/settle-messages";
import type { OutcomeRecord } from "./outcome";
import { getBooks } from "./queries/get-books";
import { queuedCampaign, SENT_AT, type SentCampaign } from "./testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
beforeAll(async () => {
  campaign = await queuedCampaign(t, 60);
});

const worker = () => campaign.world.worker;

/** The first message that is still queued, claimed. */
async function claimed(): Promise<ClaimedMessage> {
  const [row] = await t.db.execute<{ lane: number }>(
    sql`select lane from messages where state = 'queued' order by lane, id limit 1`,
  );
  const numberId = campaign.world.ids.numberId;
  const { messages } = await claimMessages(worker(), { lane: row?.lane ?? 0, numberId, limit: 1, workerId: newId() });
  return messages[0] ?? expect.fail("nothing was claimed");
}

const ambiguous = ({ attemptId, contactId }: ClaimedMessage): OutcomeRecord => ({
  ...{ attemptId, contactId, kind: "ambiguous", wamid: null, code: null, reason: "deadline", retryAfterMs: null },
});

const delivered = ({ lane, messageId }: ClaimedMessage) =>
  recordDeliveryStatuses(worker(), lane, [
    {
      ...{ messageId, status: "delivered", providerAt: worker().now(), wamid: `wamid.${messageId}` },
      ...{ errorCode: null, detail: null, pricingType: null, pricingCategory: null },
    },
  ]);

/** State of the message, its outcomes in order, and which of them the log holds. */
async function storyOf({ lane, messageId, attemptId }: ClaimedMessage) {
  const [message] = await t.db.execute<{ state: string; wamid: string | null }>(sql`
    select state, wamid from messages where lane = ${lane} and id = ${messageId}`);
  const outcomes = await t.db.execute<{ kind: string; wamid: string | null; is_logged: boolean }>(sql`
    select kind, wamid, exists (select from log_batch_items i where i.lane = o.lane and i.entry_id = o.entry_id
      and i.item_id = o.attempt_id) as is_logged
    from attempt_outcomes o where lane = ${lane} and attempt_id = ${attemptId} order by n`);
  return {
    state: message?.state,
    outcomes: outcomes.map(({ kind, is_logged }) => [kind, is_logged]),
    wamid: outcomes.at(-1)?.wamid,
  };
}

test("a status that settles an unknown message leaves its reconciled outcome in the books and in the log, once", async () => {
  const message = await claimed();
  await recordOutcomes(worker(), message.lane, [ambiguous(message)]);
  expect((await storyOf(message)).state).toBe("unknown");
  await delivered(message);
  await delivered(message);
  expect(await storyOf(message)).toEqual({
    state: "delivered",
    outcomes: [
      ["ambiguous", true],
      ["reconciled", true],
    ],
    wamid: `wamid.${message.messageId}`,
  });
});

test("the same when the status is there before the ambiguous outcome is written", async () => {
  const message = await claimed();
  await delivered(message);
  await recordOutcomes(worker(), message.lane, [ambiguous(message)]);
  const { state, outcomes } = await storyOf(message);
  expect({ state, kinds: outcomes.map(([kind]) => kind) }).toEqual({
    state: "delivered",
    kinds: ["ambiguous", "reconciled"],
  });
});

test("unknown for a day is final and counted; a status that comes later still settles it", async () => {
  const message = await claimed();
  await recordOutcomes(worker(), message.lane, [ambiguous(message)]);
  await campaign.setTime("2026-12-02T09:04:00.000Z");
  await settleMessages(worker());
  expect((await storyOf(message)).state).toBe("unknown");
  await campaign.setTime("2026-12-02T09:06:00.000Z");
  await settleMessages(worker());
  const { states, isClosed } = await getBooks(worker(), { campaignId: campaign.campaignId });
  expect((await storyOf(message)).state).toBe("unknown_final");
  expect([states.unknown_final, isClosed]).toEqual([1, true]);
  await delivered(message);
  expect((await storyOf(message)).outcomes.map(([kind]) => kind)).toEqual(["ambiguous", "reconciled"]);
  await campaign.setTime(SENT_AT);
});

/** Refusals with this reason, and how many of them the log holds. */
async function refused(reason: string) {
  const [row] = await t.db.execute(sql`
    select count(*)::int as refused, count(i.item_id)::int as logged, min(check_number)::int as check
    from gate_refusals r left join log_batch_items i on i.lane = r.lane and i.entry_id = r.entry_id and i.item_id = r.message_id
    where r.reason = ${reason}`);
  return row;
}

test("what misses its deadline while it waits ends like a refusal of the gate, in the log", async () => {
  const { contactIds } = campaign;
  const [late] = await t.db.execute<{ contact_id: string }>(sql`
    update messages set deadline_at = ${SENT_AT}::timestamptz where (lane, id) = (
      select lane, id from messages where state = 'queued' order by lane desc, id limit 1) returning contact_id`);
  expect(contactIds).toContain(late?.contact_id);
  await settleMessages(worker());
  expect(await refused("deadline")).toEqual({ refused: 1, logged: 1, check: 11 });
  const [row] = await t.db.execute(sql`
    select state, reason from messages where lane = ${laneOf(late?.contact_id ?? "")} and contact_id = ${late?.contact_id ?? ""}`);
  expect(row).toEqual({ state: "missed_deadline", reason: "deadline" });
});

test("a stopped campaign cancels everything that waits, in the log, and the books close", async () => {
  const { campaignId } = campaign;
  const before = await getBooks(worker(), { campaignId });
  await t.db.execute(sql`update campaigns set status = 'stopped' where id = ${campaignId}`);
  expect(await cancelStoppedMessages(worker())).toBe(before.states.queued);
  const { states, isClosed } = await getBooks(worker(), { campaignId });
  expect([states.queued, states.cancelled, isClosed]).toEqual([0, before.states.queued, true]);
  expect(await refused("campaign_stopped")).toEqual({ refused: states.cancelled, logged: states.cancelled, check: 2 });
});
