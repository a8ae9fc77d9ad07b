import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import type { Role } from "@/lib/identity/actor";
import { systemActor } from "@/lib/identity/actor";
import { signBody } from "@/lib/whatsapp/signature";
import { applyReplays } from "./commands/apply-replays";
import { dismissDeadItem } from "./commands/dismiss-dead-item";
import { dispatchWebhooks } from "./commands/dispatch-webhooks";
import { receiveWebhook } from "./commands/receive-webhook";
import { replayDeadItem, replayDeadKind } from "./commands/replay-dead-items";
import { getWebhookHealth } from "./queries/get-webhook-health";
import { acceptedMessages, META_IDS } from "./testing/accepted-messages";

const t = await testDatabase();
afterAll(() => t.close());
const { wamids } = await acceptedMessages(t.db, { count: 64 });
const worker = t.context(systemActor("worker"), { db: t.as("worker") });
const ingress = t.context(systemActor("ingress"), { db: t.as("ingress") });

let admin = worker;
let marketer = worker;
beforeAll(async () => {
  const person = async (role: Role) => {
    const userId = newId();
    await t.db.execute(sql`
      insert into users (id, name, email, password_hash, roles, created_at)
      values (${userId}, ${role}, ${`${role}@example.com`}, 'x', array[${role}], now())`);
    return t.context({ kind: "user", userId, roles: [role], sessionId: null }, { db: t.as("console") });
  };
  admin = await person("admin");
  marketer = await person("marketer");
});

const metadata = { display_phone_number: "15550100100", phone_number_id: META_IDS.phoneNumberId };
const at = () => String(Math.floor(Date.now() / 1_000));
const sent = (wamid: string) => ({ id: wamid, status: "sent", timestamp: at() });
const text = (from: string, words: string, id = `wamid.${newId()}`) => ({
  id,
  from,
  timestamp: at(),
  type: "text",
  text: { body: words },
});
/** An id that no index takes: longer than a page's share, and it does not compress. */
const unkeepable = `wamid.${Array.from({ length: 200 }, (_, n) => createHash("sha256").update(String(n)).digest("base64")).join("")}`;

async function receive(value: object, { entryId = META_IDS.wabaId, field = "messages" } = {}) {
  return receiveRaw(JSON.stringify({ entry: [{ id: entryId, changes: [{ field, value }] }] }));
}

async function receiveRaw(body: string) {
  const raw = Buffer.from(body);
  return receiveWebhook(ingress, { raw, signature: signBody(raw, "s"), appSecrets: ["s"] });
}

async function dispatchAll(): Promise<void> {
  while ((await dispatchWebhooks(worker)) > 0);
}

async function rows(query: ReturnType<typeof sql>) {
  return [...(await t.db.execute(query))];
}

const openItems = async () => (await getWebhookHealth(admin)).quarantine;
const inbound = (id: string) => rows(sql`select 1 as one from inbound_messages where wamid = ${id}`);

test("a poison item is put aside with its reason and told, and its neighbours in the same body are processed", async () => {
  const [ours = ""] = wamids;
  const good = text("34600111001", "¿Abrís el domingo?");
  await receive({ metadata, statuses: [sent(ours)], messages: [text("34600111002", "hola", unkeepable), good] });
  await dispatchAll();
  expect(await rows(sql`select state from messages where wamid = ${ours}`)).toEqual([{ state: "sent" }]);
  expect(await inbound(good.id)).toHaveLength(1);
  expect(await openItems()).toMatchObject([
    { kind: "message", position: 1, replays: 0, error: expect.stringContaining("index row") },
  ]);
  expect(await rows(sql`select kind, resolved_at from notices`)).toEqual([
    { kind: "webhook_quarantined", resolved_at: null },
  ]);
});

test("replaying what still cannot be kept leaves it there with its reason; its neighbours have no second effect", async () => {
  const [item] = await openItems();
  if (!item) throw new Error("nothing in quarantine");
  const before = await rows(sql`select count(*)::int as n from inbound_messages`);
  expect(await replayDeadItem(admin, item)).toEqual({ asked: 1 });
  expect(await openItems()).toMatchObject([{ isReplaying: true }]);
  expect(await applyReplays(worker)).toBe(1);
  expect(await applyReplays(worker)).toBe(0);
  expect(await openItems()).toMatchObject([{ replays: 1, isReplaying: false }]);
  expect(await rows(sql`select count(*)::int as n from inbound_messages`)).toEqual(before);
});

test("what could not be applied for a while is applied by its replay, all of its kind at once, and the notice goes", async () => {
  await t.db.execute(sql`alter table inbound_messages add constraint broken check (type <> 'text') not valid`);
  const two = [text("34600111003", "uno"), text("34600111004", "dos")];
  for (const message of two) await receive({ metadata, messages: [message] });
  await dispatchAll();
  await t.db.execute(sql`alter table inbound_messages drop constraint broken`);
  expect(await openItems()).toHaveLength(3);
  expect(await replayDeadKind(admin, { kind: "message" })).toEqual({ asked: 3 });
  await applyReplays(worker);
  for (const { id } of two) expect(await inbound(id)).toHaveLength(1);
  const [left, ...others] = await openItems();
  expect(others).toEqual([]);
  if (!left) throw new Error("the unkeepable one went away");
  await dismissDeadItem(admin, left);
  expect(await openItems()).toEqual([]);
  expect(await rows(sql`select count(*)::int as n from notices where resolved_at is null`)).toEqual([{ n: 0 }]);
  await expect(dismissDeadItem(admin, left)).rejects.toMatchObject({ code: "not_found" });
});

test("only who manages numbers replays or dismisses, and both are on record", async () => {
  const item = { inboxId: newId(), position: 0 };
  for (const refused of [
    replayDeadItem(marketer, item),
    replayDeadKind(marketer, { kind: "message" }),
    dismissDeadItem(marketer, item),
  ])
    await expect(refused).rejects.toMatchObject({ code: "forbidden" });
  const audited = await rows(sql`select type, count(*)::int as n from audit_events group by type order by type`);
  expect(audited).toEqual([
    { type: "webhook.dismissed", n: 1 },
    { type: "webhook.replay_asked", n: 2 },
  ]);
});

test("Meta's test events and what is about accounts or numbers of others is stored, counted and has no effect", async () => {
  const words = (from: string) => ({ messages: [text(from, "STOP")] });
  const foreign = { ...metadata, phone_number_id: "800000000000099" };
  await receive({ metadata: { phone_number_id: "123456123" }, ...words("16315551181") }, { entryId: "0" });
  await receive({ metadata: foreign, ...words("34600111005") });
  await receive({ metadata, ...words("34600111006") }, { entryId: "900000000000099" });
  await receive({ event: "ACCOUNT_DELETED" }, { entryId: "900000000000099", field: "account_update" });
  const before = await rows(sql`select count(*)::int as n from contacts`);
  await dispatchAll();
  expect(await rows(sql`select count(*)::int as n from webhook_inbox where status = 'ignored'`)).toEqual([{ n: 4 }]);
  expect(await rows(sql`select count(*)::int as n from contact_suppressions`)).toEqual([{ n: 0 }]);
  expect(await rows(sql`select count(*)::int as n from contacts`)).toEqual(before);
  const health = await getWebhookHealth(admin);
  expect(health.lastDay).toMatchObject({ ignored: 4, dead: 0 });
});

test("a body that cannot be read at all is quarantined as a whole, and fields that nothing here knows are counted", async () => {
  await receiveRaw('{"object":"whatsapp_business_account","entry":7}');
  await receive({ shiny: true }, { field: "brand_new_field" });
  await dispatchAll();
  expect(await openItems()).toMatchObject([{ kind: "body", error: expect.stringContaining("not a webhook body") }]);
  const { unknownFields, lastDay } = await getWebhookHealth(admin);
  expect(unknownFields).toMatchObject([{ field: "brand_new_field", count: 1 }]);
  expect(lastDay).toMatchObject({ dead: 1 });
});

test("several dispatchers at once process every body once", async () => {
  const bodies = Array.from({ length: 120 }, (_, n) =>
    text(`346001120${String(n % 40).padStart(2, "0")}`, `hola ${n}`),
  );
  for (const message of bodies) await receive({ metadata, messages: [message] });
  const done = await Promise.all(
    Array.from({ length: 4 }, async () => {
      let count = 0;
      for (let n = await dispatchWebhooks(worker); n > 0; n = await dispatchWebhooks(worker)) count += n;
      return count;
    }),
  );
  expect(done.reduce((sum, n) => sum + n, 0)).toBe(120);
  const ids = bodies.map(({ id }) => id);
  expect(await rows(sql`select count(*)::int as n from inbound_messages where wamid in ${ids}`)).toEqual([{ n: 120 }]);
  expect(await rows(sql`select count(*)::int as n from webhook_inbox where status = 'new' or attempts > 1`)).toEqual([
    { n: 0 },
  ]);
});

test("a dispatcher locks no more than it takes: the others find what to do", async () => {
  const filler = "x".repeat(1_100_000); // two such bodies are more than a round takes
  for (const n of [1, 2, 3, 4, 5, 6]) await receive({ n, filler }, { field: "of_the_future" });
  const done = await Promise.all([dispatchWebhooks(worker), dispatchWebhooks(worker)]);
  expect(Math.min(...done)).toBeGreaterThan(0);
  await dispatchAll();
});

test("a number's last webhook is fresh, and written at most once a minute", async () => {
  const start = new Date("2026-12-03T10:00:00Z");
  const hear = (secondsLater: number, phoneNumberId = META_IDS.phoneNumberId) => {
    const now = new Date(start.getTime() + secondsLater * 1_000);
    const value = { metadata: { phone_number_id: phoneNumberId }, statuses: [{ ...sent("wamid.x"), n: secondsLater }] };
    const raw = Buffer.from(
      JSON.stringify({ entry: [{ id: META_IDS.wabaId, changes: [{ field: "messages", value }] }] }),
    );
    const ctx = t.context(systemActor("ingress"), { db: t.as("ingress"), now: () => now });
    return receiveWebhook(ctx, { raw, signature: signBody(raw, "s"), appSecrets: ["s"] });
  };
  const heard = async () =>
    (await getWebhookHealth(admin)).numbers.map(({ lastWebhookAt }) => lastWebhookAt?.toISOString());
  await hear(0);
  await hear(40);
  await hear(3_600, "800000000000099");
  expect(await heard()).toEqual(["2026-12-03T10:00:00.000Z"]);
  await hear(61);
  expect(await heard()).toEqual(["2026-12-03T10:01:01.000Z"]);
});
