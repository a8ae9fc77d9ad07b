import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { array } from "@/db/client";
import { testDatabase } from "@/db/testing/database";
import { storeContacts } from "@/lib/audience/commands/store-contacts";
import { newContactId } from "@/lib/foundation/ids";
import { holds } from "@/lib/foundation/testing/holds";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { type ConsentSource, consentScopes } from "../consent";
import type { NewConsentEvent } from "../event";
import { countByState } from "../queries/count-by-state";
import { getConsentTimeline } from "../queries/get-consent-timeline";
import { listConsentEvents } from "../queries/list-consent-events";
import { createPurpose } from "./create-purpose";
import { pauseForReview } from "./pause-for-review";
import { rebuildConsentState } from "./rebuild-consent-state";
import { recordConsentEvents } from "./record-consent-events";
import { recordMetaPreference } from "./record-meta-preference";
import { withdrawConsent } from "./withdraw-consent";

const NOW = new Date("2026-11-27T12:00:00.000Z");
const DAY = 86_400_000;
const t = await testDatabase();
afterAll(() => t.close());

let owner: Context;
let ingress: Context;
let worker: Context;
let officer: Context;
const purposes: string[] = [];
let phones = 34_600_100_000;

beforeAll(async () => {
  const now = () => NOW;
  owner = t.context(systemActor("terminal"), { now });
  ingress = t.context(systemActor("ingress"), { now, db: t.as("ingress") });
  worker = t.context(systemActor("worker"), { now, db: t.as("worker") });
  const user = {
    kind: "user",
    userId: "018f4e5c-0000-7000-8000-000000000001",
    roles: ["compliance"],
    sessionId: null,
  } as const;
  officer = t.context(user, { now, db: t.as("console") });
  const { brandId } = await createBrand(owner, { name: "Olmo", controller: "Olmo S. L." });
  for (const [key, doubleOptIn] of [
    ["news", false],
    ["offers", true],
  ] as const) {
    const { purposeId } = await createPurpose(owner, { brandId, key, name: key, category: "MARKETING", doubleOptIn });
    purposes.push(purposeId);
  }
  const utility = await createPurpose(owner, { brandId, key: "orders", name: "orders", category: "UTILITY" });
  purposes.push(utility.purposeId);
});

async function newContacts(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newContactId);
  const keys = await t.keystore.createKeys(ids);
  await storeContacts(worker, {
    changed: [],
    created: ids.map((contactId) => {
      phones += 1;
      const identifiers = [{ kind: "phone", value: `+${phones}` }] as const;
      return { contactId, facts: { attributes: {} }, identifiers, key: keys.get(contactId) ?? Buffer.alloc(32) };
    }),
  });
  return ids;
}

let serial = 0;
function event(contactId: string, given: Partial<NewConsentEvent>): NewConsentEvent {
  serial += 1;
  const base = {
    contactId,
    type: "granted",
    purposeId: purposes[0] ?? "",
    scope: "purpose",
    source: "web_form",
  } as const;
  return { ...base, occurredAt: NOW, isComplete: true, idempotencyKey: `test:${serial}`, ...given };
}

const stateOf = async (contactId: string) =>
  t.db.execute<{ purpose: string; status: string }>(sql`
    select purpose_id as purpose, status from consent_state where contact_id = ${contactId} order by purpose_id`);

const projection = () =>
  t.db.execute(sql`select s::text from consent_state as s order by lane, contact_id, purpose_id`);

test("the projection equals the fold of the events, whatever was recorded in whatever order, and can be rebuilt", async () => {
  const contacts = await newContacts(20);
  const types = ["requested", "confirmed", "granted", "renewed", "denied", "withdrawn", "invalidated"] as const;
  const sources: ConsentSource[] = ["web_form", "import", "keyword_in", "api"];
  const anyEvent = fc.record({
    contact: fc.integer({ min: 0, max: 19 }),
    type: fc.constantFrom(...types),
    scope: fc.constantFrom(...consentScopes),
    purpose: fc.integer({ min: 0, max: 2 }),
    source: fc.constantFrom(...sources),
    days: fc.integer({ min: 0, max: 1_500 }),
    isComplete: fc.boolean(),
  });
  const history = fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), { minLength: 5, maxLength: 8 });
  await holds(
    "consent reducer",
    fc.asyncProperty(history, async (batches) => {
      for (const batch of batches) {
        const events = batch.map(({ contact, scope, purpose, days, ...rest }) => {
          const purposeId = scope === "purpose" ? (purposes[purpose] ?? null) : null;
          const occurredAt = new Date(NOW.getTime() - days * DAY);
          return event(contacts[contact] ?? "", { ...rest, scope, purposeId, occurredAt });
        });
        await recordConsentEvents(worker, { events });
      }
      const kept = await projection();
      expect(await rebuildConsentState(worker)).toMatchObject({ mended: 0 });
      await t.db.execute(sql`delete from consent_state`);
      await rebuildConsentState(worker);
      expect(await projection()).toEqual(kept);
    }),
    { runs: 6, long: 50, each: contacts.length },
  );
});

test("a grant that arrives late takes its place before the withdrawal that was recorded first", async () => {
  const [contactId = ""] = await newContacts(1);
  await recordConsentEvents(worker, {
    events: [event(contactId, { type: "withdrawn", occurredAt: new Date(NOW.getTime() - DAY) })],
  });
  await recordConsentEvents(worker, { events: [event(contactId, { occurredAt: new Date(NOW.getTime() - 2 * DAY) })] });
  expect(await stateOf(contactId)).toMatchObject([{ status: "withdrawn" }]);
});

test("the ingress opts several people out at once: event, block and the block by every identifier", async () => {
  const contacts = await newContacts(3);
  await recordConsentEvents(worker, { events: contacts.map((contactId) => event(contactId, {})) });
  const stop = { occurredAt: NOW, source: "keyword_in" } as const;
  const withdrawals = contacts.map((contactId) => ({ contactId, ...stop, idempotencyKey: `wamid:${contactId}` }));
  await withdrawConsent(ingress, { withdrawals });
  await withdrawConsent(ingress, { withdrawals }); // Meta repeats what it is not sure of
  for (const contactId of contacts) {
    const [news, offers, ...others] = await stateOf(contactId);
    expect([news?.status, offers?.status, others]).toEqual(["withdrawn", "withdrawn", []]);
  }
  const [figures] = await t.db.execute(sql`
    select (select count(*)::int from contact_suppressions where kind = 'withdrawn' and contact_id = any(${array(contacts, "uuid")})) as blocks,
      (select count(*)::int from consent_events where source = 'keyword_in' and contact_id = any(${array(contacts, "uuid")})) as events,
      (select count(*)::int from suppression_lookups as s join contact_identifiers as i using (lookup)
        where i.contact_id = any(${array(contacts, "uuid")})) as lookups`);
  expect(figures).toEqual({ blocks: 3, events: 3, lookups: 3 });
});

test("Meta's stop withdraws; its resume lifts Meta's block alone and grants nothing", async () => {
  const [contactId = ""] = await newContacts(1);
  await recordConsentEvents(worker, { events: [event(contactId, { occurredAt: new Date(NOW.getTime() - 3 * DAY) })] });
  const stopAt = new Date(NOW.getTime() - 2 * DAY);
  await recordMetaPreference(ingress, { contactId, value: "stop", occurredAt: stopAt, idempotencyKey: "pref:1" });
  const early = new Date(stopAt.getTime() - 1_000);
  await recordMetaPreference(ingress, { contactId, value: "resume", occurredAt: early, idempotencyKey: "pref:0" });
  const open = async () =>
    (await getConsentTimeline(officer, { contactId })).blocks.map(({ kind, liftedAt }) => [kind, liftedAt === null]);
  expect(await open()).toEqual([["meta_stop", true]]);
  await recordMetaPreference(ingress, { contactId, value: "resume", occurredAt: NOW, idempotencyKey: "pref:2" });
  expect(await open()).toEqual([["meta_stop", false]]);
  expect((await stateOf(contactId))[0]).toMatchObject({ status: "withdrawn" });
});

test("a resume that arrives late lifts no stop that is younger than it, however many stops there were", async () => {
  const [contactId = ""] = await newContacts(1);
  const say = (value: "stop" | "resume", daysAgo: number) => {
    const occurredAt = new Date(NOW.getTime() - daysAgo * DAY);
    return recordMetaPreference(ingress, { contactId, value, occurredAt, idempotencyKey: `${value} ${daysAgo}` });
  };
  const isStopped = async () =>
    (await getConsentTimeline(officer, { contactId })).blocks.some(({ liftedAt }) => liftedAt === null);
  await say("stop", 5);
  await say("stop", 2);
  await say("resume", 3);
  expect(await isStopped()).toBe(true);
  await say("resume", 1);
  expect(await isStopped()).toBe(false);
});

test("a review rests marketing for seven days", async () => {
  const [contactId = ""] = await newContacts(1);
  await pauseForReview(ingress, { contactIds: [contactId] });
  const { blocks } = await getConsentTimeline(officer, { contactId });
  expect(blocks).toMatchObject([{ kind: "review", until: new Date(NOW.getTime() + 7 * DAY) }]);
});

test("an act in the future is refused, within five minutes it counts as now", async () => {
  const [contactId = ""] = await newContacts(1);
  const later = (ms: number) => [event(contactId, { occurredAt: new Date(NOW.getTime() + ms) })];
  await expect(recordConsentEvents(worker, { events: later(301_000) })).rejects.toMatchObject({
    code: "consent_event_in_future",
  });
  await recordConsentEvents(worker, { events: later(299_000) });
  const { events } = await listConsentEvents(officer, { filter: { contactId } });
  expect(events.map(({ occurredAt }) => occurredAt)).toEqual([NOW]);
});

test("the timeline opens the evidence, says what held on an earlier day, and the pages of the log meet without gap", async () => {
  const [contactId = ""] = await newContacts(1);
  const evidence = { form: "https://example.com/alta", isChecked: false };
  const grantedAt = new Date(NOW.getTime() - 10 * DAY);
  await recordConsentEvents(worker, { events: [event(contactId, { occurredAt: grantedAt, evidence })] });
  await recordConsentEvents(worker, { events: [event(contactId, { type: "withdrawn", occurredAt: NOW })] });
  const timeline = await getConsentTimeline(officer, { contactId });
  expect(timeline.events.map((one) => [one.type, one.evidence])).toEqual([
    ["withdrawn", null],
    ["granted", evidence],
  ]);
  expect(timeline.states).toMatchObject([{ status: "withdrawn" }]);
  const before = await getConsentTimeline(officer, { contactId, at: new Date(NOW.getTime() - DAY) });
  expect(before.states).toMatchObject([{ status: "granted" }]);
  const all: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listConsentEvents(officer, { limit: 7, ...(cursor ? { cursor } : {}) });
    all.push(...page.events.map(({ eventId }) => eventId));
    if (!page.nextCursor) break;
    cursor = page.nextCursor;
  }
  const [total] = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from consent_events`);
  expect(new Set(all).size).toBe(total?.n);
});

test("everybody is counted in exactly one state", async () => {
  const counts = await countByState(officer, { purposeId: purposes[0] ?? "" });
  const [total] = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from contacts`);
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total?.n);
});

test("nobody records a grant who is not meant to", async () => {
  const [contactId = ""] = await newContacts(1);
  await expect(recordConsentEvents(officer, { events: [event(contactId, {})] })).rejects.toMatchObject({
    code: "forbidden",
  });
});
