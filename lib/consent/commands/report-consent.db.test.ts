import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { getConsentTimeline } from "../queries/get-consent-timeline";
import { createPurpose } from "./create-purpose";
import { publishWordingVersion } from "./publish-wording-version";
import { recogniseContacts } from "./recognise-contacts";
import { recordConsentEvents } from "./record-consent-events";
import { type ReportConsent, reportConsent } from "./report-consent";

const t = await testDatabase();
afterAll(() => t.close());

const NOW = new Date("2026-11-27T12:00:00.000Z");
const DAY = 86_400_000;
const clock = { now: () => NOW };
const key = { kind: "api_key", keyId: newId(), scopes: ["consent.report"] } as const;
const shop = t.context(key, { ...clock, db: t.as("console") });
const other = t.context({ ...key, keyId: newId() }, { ...clock, db: t.as("console") });
const user = { kind: "user", userId: newId(), roles: ["compliance"], sessionId: null } as const;
const officer = t.context(user, { ...clock, db: t.as("console") });
const desk = t.context(systemActor("console"), { ...clock, db: t.as("console") });

let news = "";
let offers = "";
let wording = "";

beforeAll(async () => {
  const owner = t.context(systemActor("terminal"), clock);
  const { brandId } = await createBrand(owner, { name: "Olmo", controller: "Olmo S. L." });
  const given = { brandId, category: "MARKETING" } as const;
  news = (await createPurpose(owner, { ...given, key: "news", name: "News" })).purposeId;
  offers = (await createPurpose(owner, { ...given, key: "offers", name: "Offers", doubleOptIn: true })).purposeId;
  const text = { purposeId: news, label: "v1", language: "es", text: "Sí.", controller: "Olmo" };
  const published = await publishWordingVersion(officer, { ...text, privacyNoticeUrl: "https://example.com/p" });
  wording = published.wordingVersionId;
});

let people = 600_300_000;
const whole = {
  sourceSystem: "Till 4",
  fileSha256: "a".repeat(64),
  attester: "Ana, shop in Goya",
};
const report = (given: Partial<ReportConsent> = {}): ReportConsent => ({
  person: { phone: `+34${people++}` },
  act: "grant",
  purposeId: news,
  wordingVersionId: wording,
  occurredAt: new Date(NOW.getTime() - DAY),
  source: "api",
  evidence: whole,
  ...given,
});

test("a complete report grants from the day of the act; the proof is sealed and the caller is named", async () => {
  const reported = await reportConsent(shop, report(), "k1");
  expect(reported).toMatchObject({ isComplete: true, status: "granted" });
  const { events } = await getConsentTimeline(officer, reported);
  expect(events).toMatchObject([
    {
      type: "granted",
      source: "api",
      sourceClass: "B",
      actorKind: "api_key",
      occurredAt: new Date(NOW.getTime() - DAY),
      evidence: { sourceSystem: "Till 4", evidenceFileSha256: "a".repeat(64) },
    },
  ]);
});

test.each([
  ["date", { occurredAt: undefined }],
  ["text", { wordingVersionId: undefined }],
  ["source system", { evidence: { ...whole, sourceSystem: undefined } }],
  ["file", { evidence: { ...whole, fileSha256: undefined } }],
  ["attester", { evidence: { ...whole, attester: undefined } }],
])("without the %s a report waits for the person", async (_, lacking) => {
  const reported = await reportConsent(shop, report(lacking), newId());
  expect(reported).toMatchObject({ isComplete: false });
  // A yes of yesterday, or of now, asks: for seven days.
  expect(reported.status).toBe("pending");
});

test("where a confirmation is asked, a complete report only asks for it", async () => {
  const given = report({ purposeId: offers, wordingVersionId: undefined });
  expect((await reportConsent(shop, given, newId())).status).toBe("pending");
});

test("the same key answers as before; with other facts it is refused, and of another caller it is another key", async () => {
  const given = report();
  const first = await reportConsent(shop, given, "twice");
  expect(await reportConsent(shop, given, "twice")).toEqual(first);
  await expect(reportConsent(shop, { ...given, act: "withdraw" }, "twice")).rejects.toMatchObject({
    code: "idempotency_key_reused",
  });
  expect((await reportConsent(other, given, "twice")).eventId).not.toBe(first.eventId);
});

test("a withdrawal ends all marketing and blocks; no report revives it, a later act of the person does", async () => {
  const person = { phone: "+34600999111" };
  await reportConsent(shop, report({ person }), newId());
  const withdrawal = report({ person, act: "withdraw", purposeId: undefined, wordingVersionId: undefined });
  const { contactId } = await reportConsent(shop, { ...withdrawal, occurredAt: NOW }, newId());
  const timeline = await getConsentTimeline(officer, { contactId });
  expect(timeline.states.map(({ status }) => status)).toEqual(["withdrawn", "withdrawn"]);
  expect(timeline.blocks).toMatchObject([{ kind: "withdrawn", liftedAt: null }]);
  const again = await reportConsent(shop, report({ person, occurredAt: NOW }), newId());
  expect(again).toMatchObject({ isComplete: true, status: "withdrawn" });
});

test("a person who asks again after a withdrawal is asked, and then a report may complete it (rules 4 and 5)", async () => {
  const at = (minutes: number) => ({ ...clock, now: () => new Date(NOW.getTime() + minutes * 60_000) });
  const [person] = await recogniseContacts(desk, [{ waId: "34600999222" }]);
  const contactId = person?.contactId ?? "";
  const act = (type: "withdrawn" | "requested", minutes: number) =>
    recordConsentEvents(t.context(systemActor("console"), { ...at(minutes), db: t.as("console") }), {
      events: [
        {
          contactId,
          type,
          purposeId: news,
          scope: "purpose",
          source: "web_form",
          occurredAt: at(minutes).now(),
          isComplete: true,
          idempotencyKey: newId(),
        },
      ],
    });
  await act("withdrawn", 1);
  await act("requested", 2);
  const late = t.context(key, { ...at(3), db: t.as("console") });
  const given = report({ person: { contactId }, occurredAt: at(3).now() });
  expect((await reportConsent(late, given, newId())).status).toBe("granted");
});

test("what is not there is not reported on, and nobody without the scope reports", async () => {
  await expect(reportConsent(shop, report({ purposeId: newId() }), "x1")).rejects.toMatchObject({ code: "not_found" });
  await expect(reportConsent(shop, report({ purposeId: offers }), "x2")).rejects.toMatchObject({ code: "not_found" });
  const phone = report({ person: { phone: "12" } });
  await expect(reportConsent(shop, phone, "x3")).rejects.toMatchObject({ code: "invalid_input" });
  const reader = t.context({ ...key, scopes: ["consent.read"] }, clock);
  await expect(reportConsent(reader, report(), "x4")).rejects.toMatchObject({ code: "forbidden" });
});

test("who may report cannot pass it off as an act of the person", async () => {
  const [person] = await recogniseContacts(desk, [{ waId: "34600999333" }]);
  const event = { contactId: person?.contactId ?? "", type: "granted", purposeId: news, scope: "purpose" } as const;
  const forged = { ...event, source: "web_form", occurredAt: NOW, isComplete: true, idempotencyKey: "forged" } as const;
  await expect(recordConsentEvents(shop, { events: [forged] })).rejects.toMatchObject({ code: "forbidden" });
  const [count] = await t.db.execute<{ n: number }>(sql`
    select count(*)::int as n from consent_events where idempotency_key = 'forged'`);
  expect(count?.n).toBe(0);
});
