import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { LANES, newId } from "@/lib/foundation/ids";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { recordOutcomes } from "@/lib/sending/commands/record-outcomes";
import { queuedCampaign } from "@/lib/sending/testing/sent-campaign";
import { applyParkedStatuses } from "./commands/apply-parked-statuses";
import { applyStatuses, type StatusItem } from "./commands/apply-statuses";

const t = await testDatabase();
afterAll(() => t.close());
const { world, setTime } = await queuedCampaign(t, 6);

function placed(wamid: string, status: string) {
  const item: StatusItem = { kind: "status", wabaId: "1", wamid, status, at: world.worker.now(), errors: [] };
  return { lane: 0, inboxId: newId(), position: 0, item };
}

async function claimOne() {
  for (let lane = 0; lane < LANES; lane++) {
    const claim = { lane, numberId: world.ids.numberId, limit: 1, workerId: newId() };
    const [message] = (await claimMessages(world.worker, claim)).messages;
    if (message) return message;
  }
  throw new Error("nothing was due");
}

async function parkedCount(): Promise<number> {
  const [row] = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from parked_statuses`);
  return row?.n ?? -1;
}

test("a status without our callback data that beat our record of the send reaches its message when the wamid appears", async () => {
  const message = await claimOne();
  const wamid = `wamid.${message.messageId}`;
  await applyStatuses(world.worker, [
    placed(wamid, "delivered"),
    placed(wamid, "sent"),
    placed("wamid.stranger", "read"),
  ]);
  expect(await applyParkedStatuses(world.worker)).toBe(0);
  const { attemptId, contactId, lane } = message;
  const accepted = { kind: "accepted", wamid, code: null, reason: null, retryAfterMs: null } as const;
  await recordOutcomes(world.worker, lane, [{ attemptId, contactId, ...accepted }]);

  expect(await applyParkedStatuses(world.worker)).toBe(2);
  const [row] = await t.db.execute(sql`
    select state, sent_at is not null as sent, delivered_at is not null as delivered from messages where id = ${message.messageId}`);
  expect(row).toEqual({ state: "delivered", sent: true, delivered: true });
  expect(await parkedCount()).toBe(1);
});

test("a status that nobody's message answers to in a week goes", async () => {
  await setTime("2026-12-20T09:00:00.000Z");
  expect(await applyParkedStatuses(world.worker)).toBe(0);
  expect(await parkedCount()).toBe(0);
});

test("a status that cannot be kept is put aside, and its neighbours go on", async () => {
  const { inboxId } = placed("wamid.other", "sent");
  const broken = { ...placed("wamid.\0", "sent"), inboxId };
  const { dead } = await applyStatuses(world.worker, [broken, placed("wamid.other", "sent")]);
  expect(await parkedCount()).toBe(1);
  expect(dead).toMatchObject([{ inboxId, kind: "status", error: expect.stringContaining("Unicode") }]);
});
