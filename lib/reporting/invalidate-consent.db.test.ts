import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { array } from "@/db/client";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { createPurpose } from "@/lib/consent/commands/create-purpose";
import { decideInvalidation, requestInvalidation } from "@/lib/consent/commands/invalidate-consent";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import type { ConsentSource } from "@/lib/consent/consent";
import { listOpenInvalidations } from "@/lib/consent/queries/list-open-invalidations";
import { newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { getMessageProof } from "./queries/get-message-proof";
import { countApprovals, listApprovals } from "./queries/list-approvals";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
let iria: Context & { userId: string };
let otro: Context & { userId: string };
let purposeId: string;
const contact = (index: number) => sent.contactIds[index] ?? "";
/** Whom no test names. */
const others = () => array(sent.contactIds.slice(6), "uuid");
beforeAll(async () => {
  sent = await sentCampaign(t, 24);
  ({ iria } = sent.world.people);
  otro = await sent.world.person("Otro Oficial", "compliance");
  ({ purposeId } = sent.world.ids);
  await sent.setTime("2026-12-02T09:05:00.000Z");
});

const statusOf = async (contactId: string, purpose = purposeId) =>
  (
    await t.db.execute<{ status: string }>(
      sql`select status from consent_state where contact_id = ${contactId} and purpose_id = ${purpose}`,
    )
  )[0]?.status;
const events = (contactId: string) =>
  t.db.execute<{ id: string; scope: string; purpose: string | null }>(sql`
    select event.id, event.scope, event.purpose_id as purpose from consent_events event
    join log_entries entry on entry.id = event.entry_id and entry.type = 'consent.invalidated'
    where event.contact_id = ${contactId} and event.type = 'invalidated'`);
const ask = (ctx: Context, contactId: string) =>
  requestInvalidation(ctx, { contactId, purposeId, reason: "The box was ticked beforehand" });
const grant = (ctx: Context, contactId: string, { source, purpose }: { source: ConsentSource; purpose: string }) =>
  recordConsentEvents(ctx, {
    events: [
      {
        contactId,
        type: "granted",
        purposeId: purpose,
        scope: "purpose",
        source,
        occurredAt: ctx.now(),
        isComplete: true,
        idempotencyKey: newId(),
      },
    ],
  });

test("a consent is invalid when a second officer agrees, never the same one, and once however often it is signed", async () => {
  const contactId = contact(0);
  const { purposeId: other } = await createPurpose(iria, {
    brandId: await brandId(),
    key: "loyalty_news",
    name: "News",
    category: "MARKETING",
  });
  await grant(sent.world.worker, contactId, { source: "web_form", purpose: other });
  expect(await refusalOf(ask(sent.world.people.lucia, contactId))).toMatchObject({ code: "forbidden" });
  expect(await refusalOf(ask(sent.world.worker, contactId))).toMatchObject({ code: "forbidden" });
  const { invalidationId } = await ask(iria, contactId);
  expect(await refusalOf(ask(otro, contactId))).toMatchObject({ code: "conflict" });
  expect(await statusOf(contactId)).toBe("granted");
  expect(await listOpenInvalidations(otro, { contactId })).toMatchObject([
    { id: invalidationId, purposeId, reason: "The box was ticked beforehand", askedBy: "Iria Sanz" },
  ]);
  expect(await listApprovals(iria)).toContainEqual(
    expect.objectContaining({ kind: "invalidation", id: contactId, askedBy: "Iria Sanz", isOwn: true }),
  );

  const sign = { invalidationId, decision: "invalidated" } as const;
  expect(await refusalOf(decideInvalidation(iria, sign))).toMatchObject({ code: "second_person_required" });
  expect(await refusalOf(decideInvalidation(sent.world.people.lucia, sign))).toMatchObject({ code: "forbidden" });
  await decideInvalidation(otro, sign);
  expect(await refusalOf(decideInvalidation(otro, sign))).toMatchObject({ code: "conflict" });
  expect(await statusOf(contactId)).toBe("invalidated");
  expect(await statusOf(contactId, other)).toBe("granted");
  expect(await events(contactId)).toMatchObject([{ scope: "purpose", purpose: purposeId }]);
  expect(await refusalOf(ask(iria, contactId))).toMatchObject({ code: "not_found" });
  expect((await countApprovals(iria)).invalidation).toBe(0);

  await grant(sent.world.worker, contactId, { source: "import", purpose: purposeId });
  expect(await statusOf(contactId), "what others report never revives it").toBe("invalidated");
});

test("the proof of what was sent before stands, and says that the consent was found invalid afterwards", async () => {
  const [message] = await t.db.execute<{ id: string; contact: string }>(sql`
    select id, contact_id as contact from messages where campaign_id = ${sent.campaignId} and state = 'delivered'
      and contact_id = any(${others()}) order by id limit 1`);
  const { id: messageId = "", contact: contactId = "" } = message ?? {};
  expect((await getMessageProof(iria, { messageId })).consent?.ended).toBeNull();
  const { invalidationId } = await ask(iria, contactId);
  await decideInvalidation(otro, { invalidationId, decision: "invalidated" });
  const { verdict, consent } = await getMessageProof(iria, { messageId });
  expect(verdict).toEqual({ kind: "proved" });
  expect(consent?.ended).toEqual({ how: "invalidated", at: new Date("2026-12-02T09:05:00.000Z") });
});

test("what was queued on the strength of it no longer leaves", async () => {
  const [message] = await t.db.execute<{ lane: number; id: string; contact: string }>(sql`
    select lane, id, contact_id as contact from messages where campaign_id = ${sent.campaignId} and state = 'delivered'
      and contact_id = any(${others()}) and exists (select 1 from consent_state s where s.contact_id = messages.contact_id and s.status = 'granted')
    order by id limit 1`);
  const { lane = 0, id = "", contact: contactId = "" } = message ?? {};
  await t.db.execute(sql`
    update messages set state = 'queued', attempts = 0, attempt_id = null, wamid = null, not_before = ${iria.now()}::timestamptz
    where lane = ${lane}::smallint and id = ${id}`);
  const { invalidationId } = await ask(iria, contactId);
  await decideInvalidation(otro, { invalidationId, decision: "invalidated" });
  const { numberId } = sent.world.ids;
  const { messages } = await claimMessages(sent.world.worker, { lane, numberId, limit: 10, workerId: newId() });
  expect(messages).toEqual([]);
  const [after] = await t.db.execute(sql`select state, reason from messages where id = ${id}`);
  expect(after).toEqual({ state: "skipped", reason: "consent_invalidated" });
});

test("whoever recorded the consent does not sign against it, and a refused request leaves it as it was", async () => {
  const contactId = contact(3);
  await grant(otro, contactId, { source: "phone_call", purpose: purposeId });
  const { invalidationId } = await ask(iria, contactId);
  expect(await refusalOf(decideInvalidation(otro, { invalidationId, decision: "invalidated" }))).toMatchObject({
    code: "second_person_required",
    reason: "own_record",
  });
  await decideInvalidation(otro, { invalidationId, decision: "refused" });
  expect(await statusOf(contactId)).toBe("granted");
  expect(await events(contactId)).toEqual([]);
  await ask(iria, contactId);
});

test("who agreed anew meanwhile keeps that consent: the request meant the one before", async () => {
  const contactId = contact(5);
  const { invalidationId } = await ask(iria, contactId);
  await grant(sent.world.worker, contactId, { source: "web_form", purpose: purposeId });
  expect(await refusalOf(decideInvalidation(otro, { invalidationId, decision: "invalidated" }))).toMatchObject({
    code: "conflict",
  });
  expect(await statusOf(contactId)).toBe("granted");
});

async function brandId(): Promise<string> {
  const [row] = await t.db.execute<{ id: string }>(sql`select brand_id as id from purposes where id = ${purposeId}`);
  return row?.id ?? "";
}
