import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { suppress } from "@/lib/consent/commands/suppress";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import type { NewConsentEvent } from "@/lib/consent/event";
import { projectStates, statusAt } from "@/lib/consent/projection";
import { CONSENTED_AT, queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { toHistory } from "./committed-events";
import { countReachableAt } from "./queries/count-reachable-at";
import { readEvents, readPolicies } from "./store";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
const people = 24;
beforeAll(async () => {
  sent = await queuedCampaign(t, people);
  const { worker } = sent.world;
  const [who = [], ...rest] = [sent.contactIds];
  expect(rest).toEqual([]);
  const at = (text: string) => new Date(text);
  const event = (index: number, type: NewConsentEvent["type"], occurredAt: Date): NewConsentEvent => ({
    contactId: who[index] ?? "",
    type,
    purposeId: sent.world.ids.purposeId,
    scope: "purpose",
    source: "web_form",
    occurredAt,
    isComplete: true,
    idempotencyKey: `${index} ${type} ${occurredAt.getTime()}`,
    wordingVersionId: sent.wordingVersionId,
  });
  const withdraw = (index: number, occurredAt: Date) =>
    withdrawConsent(worker, {
      withdrawals: [
        {
          contactId: who[index] ?? "",
          occurredAt,
          source: "keyword_in",
          idempotencyKey: `stop ${index} ${occurredAt.getTime()}`,
        },
      ],
    });
  await withdraw(0, at("2026-06-01T00:00:00Z")); // and stays away
  await withdraw(1, at("2026-06-01T00:00:00Z"));
  await recordConsentEvents(worker, { events: [event(1, "granted", at("2026-08-01T00:00:00Z"))] }); // and comes back
  await recordConsentEvents(worker, { events: [event(2, "renewed", at("2026-07-01T00:00:00Z"))] });
  await recordConsentEvents(worker, { events: [event(3, "denied", at("2026-09-01T00:00:00Z"))] });
  await suppress(worker, {
    suppressions: [{ contactId: who[4] ?? "", kind: "complaint", scope: "all", since: at("2026-10-01T00:00:00Z") }],
  });
});

const officer = () => sent.world.people.iria;
const reachable = async (text: string) =>
  (await countReachableAt(officer(), { at: new Date(text) })).purposes[0]?.reachable;

test("nobody could be written to before anybody had agreed", async () => {
  expect(await reachable(new Date(CONSENTED_AT.getTime() - 1).toISOString())).toBe(0);
  expect(await reachable(CONSENTED_AT.toISOString())).toBe(people);
});

test.each([
  ["2026-05-01T00:00:00Z", people],
  ["2026-06-15T00:00:00Z", people - 2],
  ["2026-08-15T00:00:00Z", people - 1],
  ["2026-09-15T00:00:00Z", people - 2],
  ["2026-10-15T00:00:00Z", people - 3],
  ["2028-06-01T00:00:00Z", 2], // the one who renewed, and the one who came back: the others' two years are over
])("at %s the refusals, returns, renewals and blocks of until then count: %i people", async (at, count) => {
  expect(await reachable(at)).toBe(count);
});

test("it says what the reducer says of every single person", async () => {
  const policies = await readPolicies(t.db);
  const events = await readEvents(t.db, sent.contactIds);
  for (const text of ["2026-03-04T00:00:00Z", "2026-06-01T00:00:00Z", "2026-08-01T00:00:00Z", "2028-03-02T18:26:08Z"]) {
    const at = new Date(text);
    const granted = [...events.values()].filter((own) => {
      const [state] = projectStates(
        [...policies.values()],
        own.filter(({ occurredAt }) => occurredAt <= at).map(toHistory),
      );
      return state && statusAt(state, at) === "granted";
    });
    const blocked = await t.db.execute(sql`
      select distinct contact_id from contact_suppressions where since <= ${at}::timestamptz and lifted_at is null
        and contact_id = any(${`{${granted.map(([first]) => first?.contactId).join(",")}}`}::uuid[])`);
    expect(await reachable(text)).toBe(granted.length - blocked.length);
  }
});

test("by segment it counts those who belong to it today", async () => {
  await t.db.execute(sql`update contacts set country = 'MX' where id = ${sent.contactIds[7]}`);
  await t.db.execute(sql`
    insert into segments (id, name, rule, created_at, updated_at)
    values (gen_random_uuid(), 'México', '{"kind":"all","rules":[{"kind":"country","operator":"in","values":["MX"]}]}', now(), now())`);
  const { segments } = await countReachableAt(officer(), { at: new Date("2026-05-01T00:00:00Z") });
  expect(segments.find(({ name }) => name === "México")?.reachable).toEqual([1]);
  expect(segments.find(({ name }) => name === "Todo el mundo")?.reachable).toEqual([people]);
});

test("it is an officer's to ask", async () => {
  expect(await refusalOf(countReachableAt(sent.world.people.lucia, { at: new Date() }))).toMatchObject({
    code: "forbidden",
  });
});
