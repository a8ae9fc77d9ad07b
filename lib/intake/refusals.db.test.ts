import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { signBody } from "@/lib/whatsapp/signature";
import { applyReplays } from "./commands/apply-replays";
import { dispatchWebhooks } from "./commands/dispatch-webhooks";
import { receiveWebhook } from "./commands/receive-webhook";

const t = await testDatabase();
afterAll(() => t.close());
let campaign: SentCampaign;
beforeAll(async () => {
  campaign = await sentCampaign(t, 6);
});

function receive(...messages: Record<string, unknown>[]) {
  const now = campaign.world.worker.now();
  const stop = () => ({
    id: `wamid.${newId()}`,
    timestamp: String(now.getTime() / 1000),
    type: "text",
    text: { body: "BAJA" },
  });
  return receiveValue({ messages: messages.map((message) => ({ ...stop(), ...message })) });
}

function receiveValue(value: Record<string, unknown>) {
  const now = campaign.world.worker.now();
  const changes = [{ field: "messages", value }];
  const raw = Buffer.from(JSON.stringify({ entry: [{ id: "900000000000001", changes }] }));
  const ctx = t.context(systemActor("ingress"), { db: t.as("ingress"), now: () => now });
  return receiveWebhook(ctx, { raw, signature: signBody(raw, "secret"), appSecrets: ["secret"] });
}

async function sentMessage() {
  const [row] = await t.db.execute<{ id: string; contact_id: string }>(sql`
    select id, contact_id from messages m where state = 'delivered' and not exists (
      select 1 from contact_suppressions s where s.contact_id = m.contact_id) limit 1`);
  if (!row) throw new Error("nothing was sent");
  return row;
}

async function blockedKinds(contactId: string) {
  const rows = await t.db.execute<{ kind: string }>(sql`
    select kind from contact_suppressions where contact_id = ${contactId} and lifted_at is null`);
  return rows.map(({ kind }) => kind);
}

test("a STOP without a phone number reaches the person whose message it answers", async () => {
  const { id, contact_id: contactId } = await sentMessage();
  const answer = { from_user_id: "ES.1349", context: { id: `wamid.${id}` } };
  expect(await receive(answer)).toEqual({ kind: "stored" });
  expect(await blockedKinds(contactId)).toEqual(["withdrawn"]);
});

test("a STOP from a number written in another way than ours reaches the person whose message it answers", async () => {
  const { id, contact_id: contactId } = await sentMessage();
  await receive({ from: "5215512345678", context: { id: `wamid.${id}` } });
  expect(await blockedKinds(contactId)).toEqual(["withdrawn"]);
});

test("a STOP of nobody we can know, or with an id that cannot be kept, is stored and takes no other webhook down", async () => {
  expect(await receive({ from_user_id: "ES.1350" })).toEqual({ kind: "stored" });
  expect(await receive({ from: "34600999888", id: "wamid.\0" })).toEqual({ kind: "stored" });
});

test("a send that failed because the person stopped marketing is their stop, whomever Meta names", async () => {
  const { id, contact_id: contactId } = await sentMessage();
  const error = { code: 131050, title: "User stopped marketing messages" };
  const status = { id: `wamid.${id}`, status: "failed", recipient_user_id: "ES.1370", errors: [error] };
  const failed = { ...status, timestamp: String(campaign.world.worker.now().getTime() / 1000) };
  expect(
    await receiveValue({ statuses: [failed, { ...failed, id: "wamid.unknown", recipient_id: "34600999777" }] }),
  ).toEqual({
    kind: "stored",
  });
  expect(await blockedKinds(contactId)).toEqual(["meta_stop"]);
});

test("a refusal that cannot be applied costs its neighbours nothing, and somebody is told", async () => {
  const [broken, fine] = await t.db.execute<{ id: string; contact_id: string }>(sql`
    select id, contact_id from messages m where state = 'delivered' and not exists (
      select 1 from contact_suppressions s where s.contact_id = m.contact_id) order by id limit 2`);
  if (!broken || !fine) throw new Error("nothing was sent");
  await t.db.execute(
    sql.raw(`
    alter table consent_events add constraint broken check (contact_id <> '${broken.contact_id}') not valid`),
  );
  const answer = (id: string) => ({ from_user_id: `ES.${id.replaceAll("-", "")}`, context: { id: `wamid.${id}` } });
  expect(await receive(answer(broken.id), answer(fine.id))).toEqual({ kind: "stored" });
  expect([await blockedKinds(broken.contact_id), await blockedKinds(fine.contact_id)]).toEqual([[], ["withdrawn"]]);
  const open = sql`select kind from notices where kind = 'refusal_failed' and resolved_at is null`;
  expect(await t.db.execute(open)).toEqual([{ kind: "refusal_failed" }]);

  while ((await dispatchWebhooks(campaign.world.worker)) > 0); // a round takes a few lanes only
  const dead = await t.db.execute<{ error: string }>(sql`select kind, error from webhook_dead_items`);
  expect(dead).toEqual([{ kind: "message", error: expect.stringContaining("broken") }]);
  await t.db.execute(sql`alter table consent_events drop constraint broken`);
  await t.db.execute(sql`update webhook_dead_items set replay_asked_at = ${campaign.world.worker.now()}::timestamptz`);
  expect(await applyReplays(campaign.world.worker)).toBe(1);
  expect(await blockedKinds(broken.contact_id)).toEqual(["withdrawn"]);
  expect(await t.db.execute(open)).toEqual([]);
});
