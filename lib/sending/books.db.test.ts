import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { laneOf, newId } from "@/lib/foundation/ids";
import { claimMessages } from "./commands/claim-messages";
import { keepLease } from "./commands/keep-lease";
import { planCampaign } from "./commands/plan-campaign";
import { type DeliveryStatus, recordDeliveryStatuses } from "./commands/record-delivery-statuses";
import { recordOutcomes } from "./commands/record-outcomes";
import { recoverAttempts } from "./commands/recover-attempts";
import { sendClaimed } from "./commands/send-claimed";
import { getBooks } from "./queries/get-books";
import { queuedCampaign, type SentCampaign } from "./testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
beforeAll(async () => {
  campaign = await queuedCampaign(t, 60);
});

const worker = () => campaign.world.worker;

interface Queued {
  lane: number;
  id: string;
  contact_id: string;
}

/** Messages that no test has touched yet. */
async function queued(count: number): Promise<Queued[]> {
  return t.db.execute<Queued & Record<string, unknown>>(sql`
    select lane, id, contact_id from messages where campaign_id = ${campaign.campaignId} and state = 'queued' and attempts = 0
    order by lane, id limit ${count}::int`);
}

async function claimLane(lane: number, workerId = newId()) {
  return claimMessages(worker(), { lane, numberId: campaign.world.ids.numberId, limit: 500, workerId });
}

async function rowOf({ lane, id }: { lane: number; id: string }) {
  const [row] = await t.db.execute(sql`
    select state, reason, error_code, sent_at, delivered_at, read_at, failed_at from messages where lane = ${lane} and id = ${id}`);
  return row;
}

test("planning again plans nobody twice, and everybody is somewhere", async () => {
  const count = async () => (await t.db.execute(sql`select count(*)::int as n from messages`))[0];
  const before = await count();
  await t.db.execute(sql`update campaigns set status = 'scheduled' where id = ${campaign.campaignId}`);
  await planCampaign(worker(), { campaignId: campaign.campaignId });
  expect(await count()).toEqual(before);
  expect((await getBooks(worker(), { campaignId: campaign.campaignId })).isClosed).toBe(true);
});

test("any order, repetition and interleaving of a message's statuses ends in the same state", async () => {
  const [target] = await queued(1);
  if (!target) throw new Error("no message left");
  await claimLane(target.lane);
  const at = (minutes: number) => new Date(Date.parse("2026-12-01T10:00:00Z") + minutes * 60_000);
  const status = (name: string, minutes: number, errorCode: number | null = null): DeliveryStatus => ({
    messageId: target.id,
    status: name,
    providerAt: at(minutes),
    wamid: `wamid.${target.id}`,
    errorCode,
    detail: null,
    pricingType: "regular",
    pricingCategory: "marketing",
  });
  const story = [status("sent", 1), status("delivered", 2), status("read", 3), status("failed", 4, 131_026)];
  let end: unknown;
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...story, ...story], { minLength: 8 }),
      fc.integer({ min: 1, max: 8 }),
      async (order, cut) => {
        await t.db.execute(sql`delete from message_statuses where message_id = ${target.id}`);
        await t.db.execute(sql`
        update messages set state = 'accepted', reason = null, error_code = null, sent_at = null, delivered_at = null, read_at = null,
          failed_at = null, cost_micros = null where lane = ${target.lane} and id = ${target.id}`);
        await recordDeliveryStatuses(worker(), target.lane, order.slice(0, cut));
        await recordDeliveryStatuses(worker(), target.lane, order.slice(cut));
        const row = await rowOf(target);
        end ??= row;
        expect(row).toEqual(end);
      },
    ),
    { numRuns: 40, seed: 7 },
  );
  expect(end).toMatchObject({ state: "read" });
});

test("attempts of a dead worker become unknown and are never sent again; a status settles them", async () => {
  const [target] = await queued(1);
  if (!target) throw new Error("no message left");
  const [dead, alive] = [newId(), newId()];
  await keepLease(worker(), alive);
  const claimed = await claimLane(target.lane, dead);
  expect(claimed.messages.map(({ messageId }) => messageId)).toContain(target.id);
  expect(await recoverAttempts(worker())).toBeGreaterThan(0);
  expect(await rowOf(target)).toMatchObject({ state: "unknown", reason: "worker_died" });
  expect((await claimLane(target.lane, alive)).messages).toEqual([]);
  const one = {
    messageId: target.id,
    wamid: "wamid.x",
    errorCode: null,
    detail: null,
    pricingType: null,
    pricingCategory: null,
  };
  await recordDeliveryStatuses(worker(), target.lane, [{ ...one, status: "delivered", providerAt: new Date() }]);
  expect(await rowOf(target)).toMatchObject({ state: "delivered" });
});

test("a living worker's attempts are left alone", async () => {
  const [target] = await queued(1);
  if (!target) throw new Error("no message left");
  const alive = newId();
  await keepLease(worker(), alive);
  await claimLane(target.lane, alive);
  await recoverAttempts(worker());
  expect(await rowOf(target)).toMatchObject({ state: "sending" });
});

test("what was proven unsent is due again, later each time, and given up in the end", async () => {
  const [target] = await queued(1);
  if (!target) throw new Error("no message left");
  let last = 0;
  for (let n = 1; n <= 5; n++) {
    await t.db.execute(
      sql`update messages set not_before = app_now() where lane = ${target.lane} and id = ${target.id}`,
    );
    const { messages } = await claimLane(target.lane);
    const own = messages.find(({ messageId }) => messageId === target.id);
    expect(own?.n).toBe(n);
    await sendClaimed(worker(), {
      numberId: campaign.world.ids.numberId,
      messages,
      send: async () => ({ kind: "unsent", reason: "connection_refused" }),
      mayStart: () => true,
      concurrency: 4,
    });
    const [row] = await t.db.execute<{ state: string; wait: number }>(sql`
      select state, extract(epoch from not_before - app_now())::float8 as wait from messages
      where lane = ${target.lane} and id = ${target.id}`);
    expect(row?.state).toBe(n < 5 ? "queued" : "rejected");
    if (n < 5) expect(row?.wait).toBeGreaterThan(last);
    last = row?.wait ?? 0;
  }
});

test("a request that may no longer begin does not begin, and is not counted as sent", async () => {
  const [target] = await queued(1);
  if (!target) throw new Error("no message left");
  const { messages } = await claimLane(target.lane);
  let requests = 0;
  await sendClaimed(worker(), {
    numberId: campaign.world.ids.numberId,
    messages,
    send: async () => {
      requests += 1;
      return { kind: "accepted", wamid: "wamid.never" };
    },
    mayStart: () => false,
    concurrency: 4,
  });
  expect(requests).toBe(0);
  expect(await rowOf(target)).toMatchObject({ state: "queued", reason: "start_passed" });
});

test("an outcome that comes after the webhook's word takes nothing back", async () => {
  const [target] = await queued(1);
  if (!target) throw new Error("no message left");
  await t.db.execute(sql`update messages set not_before = app_now() where lane = ${target.lane}`);
  const { messages } = await claimLane(target.lane);
  const own = messages.find(({ messageId }) => messageId === target.id);
  const one = {
    messageId: target.id,
    wamid: "wamid.early",
    errorCode: null,
    detail: null,
    pricingType: null,
    pricingCategory: null,
  };
  await recordDeliveryStatuses(worker(), target.lane, [{ ...one, status: "read", providerAt: new Date() }]);
  await recordOutcomes(worker(), laneOf(target.contact_id), [
    {
      attemptId: own?.attemptId ?? "",
      contactId: target.contact_id,
      kind: "ambiguous",
      wamid: null,
      code: null,
      reason: "timeout",
      retryAfterMs: null,
    },
  ]);
  expect(await rowOf(target)).toMatchObject({ state: "read" });
  expect((await getBooks(worker(), { campaignId: campaign.campaignId })).isClosed).toBe(true);
});

test("the code that made an attempt wait is not the reason why a later one failed", async () => {
  const [target] = await queued(1);
  if (!target) throw new Error("no message left");
  const attempt = async () => {
    const { messages } = await claimLane(target.lane);
    const found = messages.find(({ messageId }) => messageId === target.id);
    if (!found) throw new Error("not claimed");
    return { attemptId: found.attemptId, contactId: found.contactId };
  };
  const wait = { kind: "retry", wamid: null, code: 130_429, reason: "meta_130429", retryAfterMs: 0 } as const;
  await recordOutcomes(worker(), target.lane, [{ ...(await attempt()), ...wait }]);
  const accepted = { kind: "accepted", wamid: `w.${target.id}`, code: null, reason: null, retryAfterMs: null } as const;
  await recordOutcomes(worker(), target.lane, [{ ...(await attempt()), ...accepted }]);
  const failed = { status: "failed", providerAt: worker().now(), errorCode: 131_026, detail: null };
  const pricing = { pricingType: null, pricingCategory: null };
  await recordDeliveryStatuses(worker(), target.lane, [
    { messageId: target.id, wamid: `w.${target.id}`, ...failed, ...pricing },
  ]);
  expect(await rowOf(target)).toMatchObject({ state: "failed", error_code: 131_026, reason: "meta_131026" });
});
