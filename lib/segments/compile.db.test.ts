import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { storeContacts } from "@/lib/audience/commands/store-contacts";
import type { ContactFacts } from "@/lib/audience/contact-changes";
import { findContactByIdentifier } from "@/lib/audience/queries/find-contact-by-identifier";
import { listContacts } from "@/lib/audience/queries/list-contacts";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { eligibleForPurpose } from "@/lib/consent/eligibility";
import { newContactId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { archiveSegment } from "./commands/archive-segment";
import { createSegment } from "./commands/create-segment";
import { updateSegment } from "./commands/update-segment";
import { compileSegment } from "./compile";
import { countSegment } from "./queries/count-segment";
import { getSegment } from "./queries/get-segment";
import { listSegments } from "./queries/list-segments";
import { sampleSegment } from "./queries/sample-segment";
import { everybody, type SegmentRule } from "./segment";

const t = await testDatabase();
afterAll(() => t.close());

const ctx = t.context(systemActor("terminal"));
const { purposeId } = await ensureDefaultBrand(ctx, { name: "Olmo", sampleWording: true });
let marketer: Context;
const ids: string[] = [];

const people: (ContactFacts & { consent?: "granted" | "requested" | "old" | "left" })[] = [
  {
    country: "ES",
    language: "es",
    attributes: { plan: "Gold", spend: 10, vip: true, since: "2026-01-05" },
    consent: "granted",
  },
  { country: "ES", language: "ca", attributes: { plan: "silver", spend: 2.5, vip: false }, consent: "requested" },
  { country: "MX", attributes: { plan: "gold plus", spend: "7", since: "2025-12-31" }, consent: "left" },
  { attributes: {}, consent: "old" },
  { country: "AR", language: "es", attributes: { plan: "'; drop table contacts; --" } },
];

beforeAll(async () => {
  const user = {
    kind: "user",
    userId: "018f4e5c-0000-7000-8000-000000000002",
    roles: ["marketer"],
    sessionId: null,
  } as const;
  await t.db.execute(sql`insert into users (id, name, email, roles, created_at)
    values (${user.userId}, 'Lucía', 'lucia@example.test', '{marketer}', now())`);
  marketer = t.context(user, { db: t.as("console") });
  const now = ctx.now().getTime();
  for (const [index, { consent, ...facts }] of people.entries()) {
    const contactId = newContactId();
    ids.push(contactId);
    const key = (await t.keystore.createKeys([contactId])).get(contactId);
    if (!key) throw new Error("no key");
    const identifiers = [{ kind: "phone", value: `+3460000050${index}` }] as const;
    const named = { ...facts, name: { full: `Persona Número ${index}` } };
    await storeContacts(ctx, { changed: [], created: [{ contactId, facts: named, identifiers, key }] });
    if (!consent) continue;
    const type = consent === "requested" ? "requested" : "granted";
    const occurredAt = new Date(
      now - (consent === "old" ? 800 : 10) * 86_400_000 + (type === "requested" ? 9 * 86_400_000 : 0),
    );
    const event = {
      contactId,
      type,
      purposeId,
      scope: "purpose",
      source: "web_form",
      occurredAt,
      isComplete: true,
    } as const;
    await recordConsentEvents(ctx, { events: [{ ...event, idempotencyKey: `seed ${index}` }] });
    const stop = { contactId, occurredAt: ctx.now(), source: "keyword_in", idempotencyKey: `stop ${index}` } as const;
    if (consent === "left") await withdrawConsent(ctx, { withdrawals: [stop] });
  }
});

async function matches(rule: SegmentRule): Promise<number[]> {
  const rows = await t.db.execute<{ id: string }>(sql`select id from contacts where ${compileSegment(rule)}`);
  return rows.map(({ id }) => ids.indexOf(id)).sort();
}

const is = (status: "granted" | "pending" | "expired" | "withdrawn" | "none"): SegmentRule => ({
  kind: "consent",
  operator: "is",
  status,
  purposeId,
});

test.each<[string, SegmentRule, number[]]>([
  ["everybody", everybody, [0, 1, 2, 3, 4]],
  ["nobody", { kind: "any", rules: [] }, []],
  ["a country", { kind: "country", operator: "in", values: ["ES", "MX"] }, [0, 1, 2]],
  ["not a country: also who has none", { kind: "country", operator: "not_in", values: ["ES"] }, [2, 3, 4]],
  [
    "text, whatever the case",
    { kind: "attribute", key: "plan", type: "text", operator: "starts_with", value: "GOLD" },
    [0, 2],
  ],
  [
    "text that is SQL",
    { kind: "attribute", key: "plan", type: "text", operator: "equals", value: "'; drop table contacts; --" },
    [4],
  ],
  [
    "a number, and no text that looks like one",
    { kind: "attribute", key: "spend", type: "number", operator: "at_least", value: 2.5 },
    [0, 1],
  ],
  ["a truth", { kind: "attribute", key: "vip", type: "boolean", operator: "equals", value: false }, [1]],
  ["a date", { kind: "attribute", key: "since", type: "date", operator: "before", value: "2026-01-01" }, [2]],
  [
    "a negation matches who lacks the attribute",
    { kind: "not", rule: { kind: "attribute", key: "vip", operator: "is_set" } },
    [2, 3, 4],
  ],
  ["both of two", { kind: "all", rules: [{ kind: "language", operator: "in", values: ["es"] }, is("granted")] }, [0]],
  ["consent that is valid", is("granted"), [0]],
  ["consent that waits for an answer", is("pending"), [1]],
  ["consent whose term is over, though nobody touched it since", is("expired"), [3]],
  ["consent withdrawn", is("withdrawn"), [2]],
  ["nothing known about consent", is("none"), [4]],
])("a rule finds %s", async (_, rule, expected) => {
  expect(await matches(rule)).toEqual(expected);
});

test("the waterfall adds up, and says what the gate would: matches − without consent − suppressed = reachable", async () => {
  const count = await countSegment(marketer, { rule: everybody, purposeId });
  expect(count).toMatchObject({ matches: 5, withoutConsent: 4, suppressed: 0, reachable: 1 });
  const reachable = await t.db.execute(sql`select id from contacts where ${eligibleForPurpose(purposeId, ctx.now())}`);
  expect(reachable).toEqual([{ id: ids[0] }]);
});

test("a segment is made, changed and archived; its people are shown masked", async () => {
  const spain: SegmentRule = { kind: "country", operator: "in", values: ["ES"] };
  const { segmentId } = await createSegment(marketer, { name: "España", rule: everybody });
  await updateSegment(marketer, { segmentId, name: "España", rule: spain });
  expect(await getSegment(marketer, { segmentId })).toMatchObject({ rule: spain, isArchived: false });
  const sample = await sampleSegment(marketer, { rule: spain });
  expect(sample.map(({ phone, name }) => [phone, name])).toEqual([
    ["+34 ••• ••• 501", "P. N. 1."],
    ["+34 ••• ••• 500", "P. N. 0."],
  ]);
  await archiveSegment(marketer, { segmentId });
  expect(await listSegments(marketer)).toEqual([]);
  await expect(updateSegment(marketer, { segmentId, name: "x", rule: spain })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("pages of contacts meet without gap or repetition, and a number is found exactly or not at all", async () => {
  const first = await listContacts(marketer, { limit: 3 });
  const rest = await listContacts(marketer, { limit: 3, cursor: first.nextCursor ?? "" });
  expect([...first.contacts, ...rest.contacts].map(({ contactId }) => ids.indexOf(contactId))).toEqual([4, 3, 2, 1, 0]);
  expect(rest.nextCursor).toBeNull();
  expect((await findContactByIdentifier(marketer, { text: "600 000 502", country: "ES" }))?.contactId).toBe(ids[2]);
  expect(await findContactByIdentifier(marketer, { text: "600 000 599", country: "ES" })).toBeUndefined();
});
