import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { storeContacts } from "@/lib/audience/commands/store-contacts";
import { lookupOf } from "@/lib/audience/identifier";
import { findKnownContacts } from "@/lib/audience/queries/find-known-contacts";
import { findPeople } from "@/lib/audience/queries/find-people";
import { learnIdentities } from "@/lib/consent/commands/learn-identities";
import { mergeContacts } from "@/lib/consent/commands/merge-contacts";
import { rebuildConsentState } from "@/lib/consent/commands/rebuild-consent-state";
import { meetSuppressions } from "@/lib/consent/commands/suppress";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { laneOf, newContactId, newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { recordOutcomes } from "@/lib/sending/commands/record-outcomes";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { attributeConversions } from "@/lib/tracking/commands/attribute-conversions";
import { signBody } from "@/lib/whatsapp/signature";
import { dispatchWebhooks } from "./commands/dispatch-webhooks";
import { receiveWebhook } from "./commands/receive-webhook";

const t = await testDatabase();
afterAll(() => t.close());
let campaign: SentCampaign;
/** Recipients who are due, each used by one test. */
let due: { id: string; contact_id: string }[];
beforeAll(async () => {
  campaign = await queuedCampaign(t, 40);
  due = [
    ...(await t.db.execute<{ id: string; contact_id: string }>(sql`
      select id, contact_id from messages where state = 'queued' order by contact_id`)),
  ];
});

function nextRecipient() {
  const row = due.pop();
  if (!row) throw new Error("too few recipients");
  const digits = `34600${100_000 + campaign.contactIds.indexOf(row.contact_id)}`;
  return { messageId: row.id, contactId: row.contact_id, digits };
}

const seconds = () => campaign.world.worker.now().getTime() / 1000;

/** What Meta posts: taken by the ingress with its own rights, then worked off by the worker with its own. */
async function post(field: string, part: Record<string, unknown>): Promise<void> {
  const now = campaign.world.worker.now();
  const value = { metadata: { phone_number_id: "800000000000001" }, ...part };
  const raw = Buffer.from(
    JSON.stringify({ entry: [{ id: "900000000000001", changes: [{ field, value }] }], nonce: newId() }),
  );
  const ingress = t.context(systemActor("ingress"), { db: t.as("ingress"), now: () => now });
  const answer = await receiveWebhook(ingress, { raw, signature: signBody(raw, "secret"), appSecrets: ["secret"] });
  expect(answer).toEqual({ kind: "stored" });
  while ((await dispatchWebhooks(worker())) > 0);
  expect(await t.db.execute(sql`select kind, error from webhook_dead_items`)).toEqual([]);
}

function worker() {
  const now = campaign.world.worker.now();
  return t.context(systemActor("worker"), { db: t.as("worker"), now: () => now });
}

const message = (part: Record<string, unknown>) =>
  post("messages", { messages: [{ id: `wamid.${newId()}`, timestamp: String(seconds()), ...part }] });
const text = (body: string) => ({ type: "text", text: { body } });

async function whoHas(person: { waId?: string; userId?: string }): Promise<string | undefined> {
  return (await findPeople(campaign.world.worker, [person]))[0];
}

async function statusOf(contactId: string): Promise<string> {
  const [row] = await t.db.execute<{ status: string }>(
    sql`select status from consent_state where contact_id = ${contactId}`,
  );
  return row?.status ?? "none";
}

async function blocksOf(contactId: string): Promise<string[]> {
  const rows = await t.db.execute<{ kind: string }>(sql`
    select kind from contact_suppressions where contact_id = ${contactId} and lifted_at is null order by kind`);
  return rows.map(({ kind }) => kind);
}

async function claim(contactId: string) {
  const lane = laneOf(contactId);
  const taken = await claimMessages(worker(), {
    lane,
    numberId: campaign.world.ids.numberId,
    limit: 10,
    workerId: newId(),
  });
  return taken.messages;
}

async function ending(messageId: string) {
  const [row] = await t.db.execute(sql`select state, reason from messages where id = ${messageId}`);
  return row;
}

async function send(contactId: string): Promise<void> {
  const messages = await claim(contactId);
  expect(messages.map((one) => one.contactId)).toEqual([contactId]);
  const outcomes = messages.map(({ attemptId, messageId }) => ({
    attemptId,
    contactId,
    kind: "accepted" as const,
    wamid: `wamid.${messageId}`,
    code: null,
    reason: null,
    retryAfterMs: null,
  }));
  await recordOutcomes(worker(), laneOf(contactId), outcomes);
}

test("whoever wrote STOP under a user id alone is refused, as soon as a status says that it is theirs", async () => {
  const { contactId, digits } = nextRecipient();
  const sent = nextRecipient();
  const userId = "ES.10000000000000000201";
  await message({ from_user_id: userId, ...text("BAJA") });
  const stranger = await whoHas({ userId });
  expect(stranger).not.toBe(contactId);
  expect(await statusOf(stranger ?? "")).toBe("withdrawn");

  await learnIdentities(worker(), [{ contactId, waId: digits, userId }]);
  expect(await whoHas({ userId })).toBe(contactId);
  expect([await statusOf(contactId), await blocksOf(contactId)]).toEqual(["withdrawn", ["withdrawn"]]);
  expect(await claim(contactId)).toEqual([]);
  const [log] = await t.db.execute(sql`select count(*)::int as n from log_entries where type = 'contact.merged'`);
  expect(log).toEqual({ n: 1 });

  await send(sent.contactId);
  const status = {
    id: `wamid.${sent.messageId}`,
    status: "delivered",
    timestamp: String(seconds()),
    recipient_id: sent.digits,
  };
  await post("messages", { statuses: [{ ...status, recipient_user_id: "ES.10000000000000000202" }] });
  expect(await whoHas({ userId: "ES.10000000000000000202" })).toBe(sent.contactId);
});

test("two recipients who turn out to be one are written to once, whichever was first", async () => {
  const [early, late] = [nextRecipient(), nextRecipient()];
  await send(early.contactId);
  expect(await mergeContacts(worker(), { into: late.contactId, from: early.contactId, reason: "decided" })).toBe(true);
  await t.db.execute(sql`update merged_attempts set start_before = start_before - interval '1 minute'`);
  expect(await claim(late.contactId)).toEqual([]);
  expect(await ending(late.messageId)).toEqual({ state: "skipped", reason: "written_already" });

  const [stays, goes] = [nextRecipient(), nextRecipient()];
  await mergeContacts(worker(), { into: stays.contactId, from: goes.contactId, reason: "decided" });
  await send(stays.contactId);
  expect(await claim(goes.contactId)).toEqual([]);
  expect(await ending(goes.messageId)).toEqual({ state: "skipped", reason: "merged" });
  expect(await mergeContacts(worker(), { into: stays.contactId, from: goes.contactId, reason: "decided" })).toBe(false);
});

test("what somebody merged away says holds for whom they live on as; answers and purchases find the message they got", async () => {
  const [stays, goes] = [nextRecipient(), nextRecipient()];
  await send(goes.contactId);
  await mergeContacts(worker(), { into: stays.contactId, from: goes.contactId, reason: "decided" });
  await message({ from: goes.digits, ...text("hola") });
  const [answered] = await t.db.execute(sql`
    select i.contact_id, i.attributed_by, m.replied_at is not null as replied
    from inbound_messages i join messages m on m.id = i.message_id where m.id = ${goes.messageId}`);
  expect(answered).toEqual({ contact_id: stays.contactId, attributed_by: "inferred", replied: true });
  const number = lookupOf(t.secrets.lookupKey, { kind: "phone", value: `+${stays.digits}` });
  const at = worker().now();
  await t.db.execute(sql`
    insert into conversions (lane, id, source, order_id, lookups, amount_micros, currency, occurred_at, received_at)
    values (0, ${newId()}, 'shop', 'order 1', array[${number}::bytea], 1000000, 'EUR', ${at}::timestamptz, ${at}::timestamptz)`);
  await attributeConversions(worker());
  expect(await t.db.execute(sql`select message_id from campaign_conversions`)).toEqual([
    { message_id: goes.messageId },
  ]);
  const withdrawal = {
    contactId: goes.contactId,
    occurredAt: worker().now(),
    source: "web_form",
    idempotencyKey: "link",
  } as const;
  await withdrawConsent(worker(), { withdrawals: [withdrawal] });
  expect([await statusOf(stays.contactId), await blocksOf(stays.contactId)]).toEqual(["withdrawn", ["withdrawn"]]);
});

test("a changed number carries no consent; the next owner of the old one is somebody else, also when Meta repeats itself", async () => {
  const { contactId, digits, messageId } = nextRecipient();
  const changed = {
    id: "wamid.changed",
    timestamp: String(seconds()),
    from: digits,
    type: "system",
    system: { type: "user_changed_number", wa_id: "34699000201", body: "changed" },
  };
  await post("messages", { messages: [changed] });
  const now = await whoHas({ waId: "34699000201" });
  expect(now).not.toBe(contactId);
  expect([await statusOf(now ?? ""), await blocksOf(now ?? "")]).toEqual(["none", []]);
  expect(await claim(contactId)).toEqual([]);
  expect(await ending(messageId)).toEqual({ state: "skipped", reason: "merged" });

  await message({ from: digits, ...text("hola, ¿quién es?") });
  const nextOwner = await whoHas({ waId: digits });
  expect([contactId, now]).not.toContain(nextOwner);
  await post("messages", { messages: [changed] });
  expect(await whoHas({ waId: digits })).toBe(nextOwner);
  expect(await whoHas({ waId: "34699000201" })).toBe(now);
});

test("a changed number carries refusals, also to somebody who agreed under the new one", async () => {
  const [before, after] = [nextRecipient(), nextRecipient()];
  await message({ from: before.digits, ...text("BAJA") });
  expect(await statusOf(after.contactId)).toBe("granted");
  await message({ from: before.digits, type: "system", system: { type: "user_changed_number", wa_id: after.digits } });
  expect([await statusOf(after.contactId), await blocksOf(after.contactId)]).toEqual(["withdrawn", ["withdrawn"]]);
  expect(await claim(after.contactId)).toEqual([]);
});

test("a changed user id is the same person: consent stays, both ids find them", async () => {
  const { contactId, digits } = nextRecipient();
  const [previous, current] = ["ES.10000000000000000301", "ES.10000000000000000302"];
  await learnIdentities(worker(), [{ contactId, userId: previous }]);
  await message({ from_user_id: current, ...text("hola") }); // before we hear that it is theirs
  const update = { wa_id: digits, user_id: { previous, current }, timestamp: String(seconds()) };
  await post("user_id_update", { user_id_update: [update] });
  await post("user_id_update", { user_id_update: [update] });
  expect([await whoHas({ userId: previous }), await whoHas({ userId: current })]).toEqual([contactId, contactId]);
  const [held] = await t.db.execute(sql`
    select count(*) filter (where former_at is null)::int as now, count(*)::int as ever
    from contact_identifiers where contact_id = ${contactId} and kind = 'bsuid'`);
  expect(held).toEqual({ now: 1, ever: 2 });
  expect([await statusOf(contactId), await blocksOf(contactId)]).toEqual(["granted", []]);
});

test("another user id for a number nobody told us of merges nobody: marketing rests and somebody is asked", async () => {
  const { contactId, digits } = nextRecipient();
  await learnIdentities(worker(), [{ contactId, userId: "ES.10000000000000000401" }]);
  await message({ from: digits, from_user_id: "ES.10000000000000000402", ...text("hola") });
  expect([await statusOf(contactId), await blocksOf(contactId)]).toEqual(["granted", ["review"]]);
  expect(await claim(contactId)).toEqual([]);
  const notices = await t.db.execute(sql`select kind, subject_id from notices where key = ${`identity ${contactId}`}`);
  expect(notices).toEqual([{ kind: "identity_unclear", subject_id: contactId }]);
});

test("a card that we asked for tells who a user id is", async () => {
  const { contactId, digits } = nextRecipient();
  const userId = "ES.10000000000000000501";
  await message({ from_user_id: userId, ...text("hola") });
  const cards = [{ origin: "contact_request", phones: [{ phone: `+${digits}`, wa_id: digits, type: "MOBILE" }] }];
  await message({ from_user_id: userId, type: "contacts", contacts: cards });
  expect(await whoHas({ userId })).toBe(contactId);
  expect(await statusOf(contactId)).toBe("granted");
});

test("whoever answers a message of ours is whom we wrote it, and a card of somebody else says nothing", async () => {
  const { contactId, messageId } = nextRecipient();
  await send(contactId);
  const userId = "ES.10000000000000000601";
  const cards = [{ phones: [{ phone: "+34 600 999 999", wa_id: "34600999999" }] }];
  await message({ from_user_id: userId, type: "contacts", contacts: cards, context: { id: `wamid.${messageId}` } });
  expect(await whoHas({ userId })).toBe(contactId);
  expect(await whoHas({ waId: "34600999999" })).toBeUndefined();
});

test("a stranger is added with the country of their user id, and with the number to dial", async () => {
  await message({ from_user_id: "MX.10000000000000000701", ...text("hola") });
  await message({ from: "5215598765432", ...text("hola") });
  const people = [await whoHas({ userId: "MX.10000000000000000701" }), await whoHas({ waId: "525598765432" })];
  const rows = await t.db.execute(sql`
    select country, (select array_agg(kind order by kind) from contact_identifiers i where i.contact_id = contacts.id) as kinds
    from contacts where id in (${people[0]}, ${people[1]}) order by kinds`);
  expect(rows).toEqual([
    { country: "MX", kinds: ["bsuid"] },
    { country: "MX", kinds: ["phone", "wa_id"] },
  ]);
});

test("a stranger who wrote STOP is met by it when they are imported, however the list writes their number", async () => {
  await message({ from: "5215587654321", ...text("BAJA") });
  await message({ from: "553187654321", ...text("SAIR") });
  await message({ from: "5491123456789", ...text("BAJA") });
  for (const number of ["+525587654321", "+5531987654321", "+541123456789"]) {
    const id = await importOne(number);
    expect([number, await blocksOf(id)]).toEqual([number, ["withdrawn"]]);
  }
});

/** As an import does it: found by lookup, else stored as new. */
async function importOne(number: string): Promise<string> {
  const identifier = { kind: "phone" as const, value: number };
  const lookup = lookupOf(t.secrets.lookupKey, identifier);
  const known = await findKnownContacts(campaign.world.worker, [lookup]);
  const found = known.get(lookup.toString("hex"));
  if (found) return found.contactId;
  const contactId = newContactId();
  const key = (await t.keystore.createKeys([contactId])).get(contactId) ?? Buffer.alloc(32);
  const created = [{ contactId, key, identifiers: [identifier], facts: { attributes: {} } }];
  await storeContacts(campaign.world.worker, { created, changed: [] });
  await meetSuppressions(campaign.world.worker, [contactId]);
  return contactId;
}

test("somebody known by a user id alone who agrees to our messages can be written to there", async () => {
  const { contactId } = nextRecipient();
  const userId = "ES.10000000000000000801";
  await learnIdentities(worker(), [{ contactId, userId }]);
  await t.db.execute(sql`
    update contact_identifiers set former_at = app_now() where contact_id = ${contactId} and kind = 'phone'`);
  const [composed] = (await claim(contactId)).map((one) => one.composed);
  expect(composed).toMatchObject({ kind: "ready", request: { recipient: userId } });
});

test("after all of this the projection is the fold of the events", async () => {
  expect((await rebuildConsentState(campaign.world.worker)).mended).toBe(0);
});
