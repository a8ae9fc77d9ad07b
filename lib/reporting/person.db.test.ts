import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { suppress } from "@/lib/consent/commands/suppress";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { noteReading } from "./commands/note-reading";
import { revealPerson } from "./commands/reveal-person";
import { explainReach } from "./queries/explain-reach";
import { findMessageByWamid } from "./queries/find-message-by-wamid";
import { getPersonTimeline } from "./queries/get-person-timeline";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
let written: { contact: string; message: string }[];
let unwritten: string;
beforeAll(async () => {
  sent = await sentCampaign(t, 40);
  const rows = await t.db.execute<{ contact: string; message: string }>(
    sql`select contact_id as contact, id as message from messages where state = 'delivered' order by id`,
  );
  written = [...rows];
  const [held] = await t.db.execute<{ id: string }>(
    sql`select contact_id as id from messages where state = 'held_out'`,
  );
  unwritten = held?.id ?? "";
});
const officer = () => sent.world.people.iria;
const refusedChecks = async (contactId: string) =>
  (await explainReach(officer(), { contactId })).flatMap(({ checks }) =>
    checks.flatMap(({ check, reason }) => (reason ? [{ check, reason }] : [])),
  );

/** Spain's rule: one a day, from eight to ten in the evening of Madrid. */
beforeAll(async () => {
  await t.db.execute(sql`
    insert into policy_countries (version_id, country, closes_on_holidays, per_day, per_week, blocked_categories)
    select id, 'ES', false, 1, 4, '{}' from policy_versions`);
  await t.db.execute(sql`
    insert into policy_zones (version_id, country, zone) select id, 'ES', 'Europe/Madrid' from policy_versions`);
  await t.db.execute(sql`
    insert into policy_windows (version_id, country, weekday, opens, closes)
    select id, 'ES', day, '08:00', '22:00' from policy_versions, generate_series(1, 7) as day`);
});

test("whoever got nothing yet may be written to, and whoever got today's message not until tomorrow, as the gate would say", async () => {
  await sent.setTime("2026-12-01T10:00:00.000Z");
  expect(await explainReach(officer(), { contactId: unwritten })).toMatchObject([
    { purposeName: "Novedades", mayWrite: true },
  ]);
  const [reach] = await explainReach(officer(), { contactId: written[0]?.contact ?? "" });
  expect(reach?.checks.find(({ check }) => check === "frequency_caps")).toMatchObject({
    isPassed: false,
    reason: "frequency_cap",
    until: new Date("2026-12-02T09:05:00.000Z"),
  });
});

test("a purpose's own month and spacing are told as the gate tells them, weeks after the message", async () => {
  await sent.setTime("2026-12-15T10:00:00.000Z");
  const caps = async () => {
    const [reach] = await explainReach(officer(), { contactId: written[0]?.contact ?? "" });
    return reach?.checks.find(({ check }) => check === "frequency_caps");
  };
  expect(await caps()).toMatchObject({ isPassed: true });
  await t.db.execute(sql`update purposes set per_month = 1`);
  const room = new Date("2026-12-31T09:05:00.000Z");
  expect(await caps()).toMatchObject({ isPassed: false, reason: "purpose_cap", until: room });
  await t.db.execute(sql`update purposes set per_month = null, spacing_hours = 480`);
  const spaced = new Date("2026-12-21T09:05:00.000Z");
  expect(await caps()).toMatchObject({ isPassed: false, reason: "purpose_cap", until: spaced });
  await t.db.execute(sql`update purposes set spacing_hours = null`);
  await sent.setTime("2026-12-01T10:00:00.000Z");
});

test("at night nobody is written to, and it is said from when on they are", async () => {
  await sent.setTime("2026-12-01T23:30:00.000Z");
  const [reach] = await explainReach(officer(), { contactId: unwritten });
  expect(reach).toMatchObject({ mayWrite: false });
  const quiet = reach?.checks.find(({ check }) => check === "quiet_hours");
  expect(quiet).toMatchObject({ reason: "quiet_hours", until: new Date("2026-12-02T07:00:00.000Z") });
  await sent.setTime("2026-12-01T10:00:00.000Z");
});

test("a refusal, a block and a restriction are each named", async () => {
  const one = written[1]?.contact ?? "";
  await withdrawConsent(sent.world.worker, {
    withdrawals: [
      { contactId: one, occurredAt: sent.world.worker.now(), source: "keyword_in", idempotencyKey: "stop" },
    ],
  });
  expect(await refusedChecks(one)).toEqual(
    expect.arrayContaining([
      { check: "consent_valid", reason: "consent_withdrawn" },
      { check: "not_suppressed", reason: "suppressed_withdrawn" },
    ]),
  );
  const other = written[2]?.contact ?? "";
  const since = sent.world.worker.now();
  await suppress(sent.world.worker, { suppressions: [{ contactId: other, kind: "legal", scope: "all", since }] });
  await t.db.execute(sql`update contacts set restricted_at = now() where id = ${other}`);
  expect(await refusedChecks(other)).toEqual(
    expect.arrayContaining([
      { check: "contact_free", reason: "restricted" },
      { check: "not_suppressed", reason: "suppressed_legal" },
    ]),
  );
  expect(await refusalOf(explainReach(sent.world.people.lucia, { contactId: other }))).toMatchObject({
    code: "forbidden",
  });
});

test("who somebody is, is shown to an officer, and who looked and why is an event without the data", async () => {
  const contactId = written[0]?.contact ?? "";
  const person = await revealPerson(officer(), { contactId, reason: "Asked for by the person" });
  expect(person.name).toBe("Ana Pérez Gil");
  expect(person.identifiers).toMatchObject([
    { kind: "phone", value: expect.stringMatching(/^\+34600/), isFormer: false },
  ]);
  const [event] = await t.db.execute<{ data: string; subject: string }>(
    sql`select data, subject from audit_events where type = 'contact.unmasked'`,
  );
  expect(event?.subject).toBe(contactId);
  expect(JSON.parse(event?.data ?? "{}")).toEqual({ what: "identity", reason: "Asked for by the person" });
  expect(await refusalOf(revealPerson(sent.world.people.lucia, { contactId, reason: "x" }))).toMatchObject({
    code: "forbidden",
  });
});

test("looking at a person is written down, once for a page that is loaded again", async () => {
  const subject = written[0]?.contact ?? "";
  const readings = async () =>
    (await t.db.execute(sql`select 1 from audit_events where type = 'person.viewed' and subject = ${subject}`)).length;
  await noteReading(officer(), { what: "person.viewed", subject });
  await noteReading(officer(), { what: "person.viewed", subject });
  expect(await readings()).toBe(1);
  await sent.setTime("2026-12-01T10:11:00.000Z");
  await noteReading(officer(), { what: "person.viewed", subject });
  expect(await readings()).toBe(2);
});

test("whoever may answer people has it written down that they read what people wrote; who may not, reads nothing", async () => {
  const subject = written[0]?.contact ?? "";
  const { lucia, boss } = sent.world.people;
  await noteReading(lucia, { what: "conversation.viewed", subject });
  const kept = await t.db.execute(sql`select actor_id, subject from audit_events where type = 'conversation.viewed'`);
  expect(kept).toEqual([{ actor_id: lucia.actor.kind === "user" ? lucia.actor.userId : "", subject }]);
  expect(await refusalOf(noteReading(boss, { what: "conversation.viewed", subject }))).toMatchObject({
    code: "forbidden",
  });
});

test("Meta's id of a message finds it, and another finds nothing", async () => {
  const message = written[0]?.message ?? "";
  expect(await findMessageByWamid(officer(), { wamid: `wamid.${message}` })).toBe(message);
  expect(await findMessageByWamid(officer(), { wamid: "wamid.\0nobody" })).toBeUndefined();
});

test("the timeline tells that another contact turned out to be the same person, and what they asked for", async () => {
  const [into = "", from = ""] = written.slice(3, 5).map(({ contact }) => contact);
  await t.db.execute(sql`update contacts set merged_into = ${into}, merged_at = now() where id = ${from}`);
  await t.db.execute(sql`
    insert into rights_requests (id, lane, contact_id, kind, status, received_at, due_at)
    values (gen_random_uuid(), lane_of(${into}), ${into}, 'access', 'opened', now(), now() + interval '1 month')`);
  const { items } = await getPersonTimeline(officer(), { contactId: into });
  expect(items).toContainEqual(expect.objectContaining({ kind: "merge", contactId: from }));
  expect(items).toContainEqual(expect.objectContaining({ kind: "request", request: "access", closedAt: null }));
  expect(items.filter(({ kind }) => kind === "message")).toHaveLength(2);
});
