import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { array } from "@/db/client";
import { testDatabase } from "@/db/testing/database";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { laneOf, newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { askWaiting } from "@/lib/sending/commands/ask-waiting";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { wamidHash } from "@/lib/sending/commands/record-outcomes";
import { setConsentQuestion } from "@/lib/sending/commands/set-consent-question";
import { skipRefused } from "@/lib/sending/commands/skip-refused";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { signBody } from "@/lib/whatsapp/signature";
import { dispatchWebhooks } from "./commands/dispatch-webhooks";
import { receiveWebhook } from "./commands/receive-webhook";

// What people say to a question of ours, and what we say to their STOP: from the webhook to the message that waits.

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
const purposeId = newId();
const templateId = newId();
const worker = () => campaign.world.worker;

beforeAll(async () => {
  campaign = await queuedCampaign(t, 20);
  const { numberId, brandId } = campaign.world.ids;
  const buttons = ["Sí, quiero", "No"].map((text) => ({ type: "QUICK_REPLY", text }));
  const components = [
    { type: "BODY", text: "¿Confirmas?" },
    { type: "BUTTONS", buttons },
  ];
  await t.db.execute(sql`
    insert into templates (id, number_id, waba_id, meta_id, name, language, category, status, components, components_sha256,
      created_at, updated_at)
    values (${templateId}, ${numberId}, '900000000000001', '7', 'confirma', 'es', 'UTILITY', 'APPROVED',
      ${JSON.stringify(components)}::jsonb, ${Buffer.alloc(32)}, now(), now())`);
  await t.db.execute(sql`
    insert into purposes (id, brand_id, key, name, category, double_opt_in, created_at)
    values (${purposeId}, ${brandId}, 'club', 'Club', 'MARKETING', true, now())`);
});

const digitsOf = (contactId: string) => `34600${String(100_000 + campaign.contactIds.indexOf(contactId))}`;
const person = (i: number) => campaign.contactIds[i] ?? "";

/** A message of a person to our number: stored and, where it refuses, in effect when this returns. */
async function hears(contactId: string, content: Record<string, unknown>): Promise<void> {
  const now = worker().now();
  const message = {
    id: `wamid.${newId()}`,
    timestamp: String(now.getTime() / 1000),
    from: digitsOf(contactId),
    ...content,
  };
  const value = { metadata: { phone_number_id: "800000000000001" }, messages: [message] };
  const raw = Buffer.from(
    JSON.stringify({ entry: [{ id: "900000000000001", changes: [{ field: "messages", value }] }] }),
  );
  const ctx = t.context(systemActor("ingress"), { db: t.as("ingress"), now: () => now });
  expect(await receiveWebhook(ctx, { raw, signature: signBody(raw, "secret"), appSecrets: ["secret"] })).toEqual({
    kind: "stored",
  });
}

const dispatch = async () => {
  while ((await dispatchWebhooks(worker())) > 0);
};
const tap = (payload: string, text: string) => ({ type: "button", button: { payload, text } });
const write = (body: string) => ({ type: "text", text: { body } });

const messagesOf = (contactId: string, kind: string) =>
  t.db.execute<{ state: string; reason: string | null }>(sql`
    select state, reason from messages where contact_id = ${contactId} and kind = ${kind} order by id`);

async function status(contactId: string) {
  const [row] = await t.db.execute<{ status: string }>(sql`
    select status from consent_state where contact_id = ${contactId} and purpose_id = ${purposeId}`);
  return row?.status;
}

const requested = (contactId: string) =>
  recordConsentEvents(worker(), {
    events: [
      {
        contactId,
        type: "requested",
        purposeId,
        scope: "purpose",
        source: "import",
        occurredAt: worker().now(),
        isComplete: true,
        idempotencyKey: `requested ${contactId}`,
      },
    ],
  });

test("whoever waits for a purpose with a question is asked once; nobody is where there is none", async () => {
  await requested(person(0));
  await askWaiting(worker());
  expect(await messagesOf(person(0), "consent_request")).toEqual([]);
  await setConsentQuestion(campaign.world.people.iria, { purposeId, templateId });
  await askWaiting(worker());
  await askWaiting(worker());
  expect(await messagesOf(person(0), "consent_request")).toEqual([{ state: "queued", reason: null }]);
});

test("a template that asks nothing cannot be the question", async () => {
  const { world } = campaign;
  await expect(
    setConsentQuestion(world.people.iria, { purposeId, templateId: world.templateIds.a }),
  ).rejects.toMatchObject({ code: "template_not_usable" });
});

test("the yes of a person who waits is a consent by their own act, once, however often it is told", async () => {
  await requested(person(1));
  const [text] = await t.db.execute<{ id: string }>(sql`
    update consent_events set wording_version_id = (select id from wording_versions order by id limit 1)
    where contact_id = ${person(1)} and type = 'requested' returning wording_version_id as id`);
  expect(text?.id).toBeTruthy();
  for (const _ of [1, 2]) {
    await hears(person(1), tap(`CONFIRM:${purposeId}`, "Sí, quiero"));
    await dispatch();
  }
  expect(await status(person(1))).toBe("granted");
  const events = await t.db.execute<{ type: string; class: string; source: string; text: string }>(sql`
    select type, source_class as class, source, wording_version_id as text from consent_events
    where contact_id = ${person(1)} and purpose_id = ${purposeId} and type = 'confirmed'`);
  // It rests on the text that they had before them when they asked: revoking that text ends it.
  expect(events[0]).toEqual({ type: "confirmed", class: "A", source: "whatsapp_button", text: text?.id });
});

test("a yes that Meta's clock dates before the request counts when it answers our question about it, and only then", async () => {
  const timestamp = String(worker().now().getTime() / 1000 - 1);
  for (const one of [person(5), person(6)]) await requested(one);
  await askWaiting(worker());
  const wamid = `wamid.${newId()}`;
  await t.db.execute(sql`
    insert into wamids (lane, wamid_hash, message_lane, message_id)
    select lane_of_hash(${wamidHash(wamid)}), ${wamidHash(wamid)}, lane, id from messages
    where contact_id = ${person(5)} and kind = 'consent_request'`);
  const yes = { ...tap(`CONFIRM:${purposeId}`, "Sí, quiero"), timestamp };
  await hears(person(5), { ...yes, context: { id: wamid } });
  await hears(person(6), yes);
  await dispatch();
  expect([await status(person(5)), await status(person(6))]).toEqual(["granted", "pending"]);
});

test("a yes to nothing that waits agrees to nothing", async () => {
  await hears(person(2), tap(`CONFIRM:${purposeId}`, "Sí, quiero"));
  await dispatch();
  expect(await status(person(2))).not.toBe("granted");
});

test("a no is in effect before Meta has its answer, and of what it was asked alone", async () => {
  await requested(person(3));
  await hears(person(3), tap(`REFUSE:${purposeId}`, "No"));
  expect(await status(person(3))).toBe("denied");
  const [other] = await t.db.execute<{ status: string }>(sql`
    select status from consent_state where contact_id = ${person(3)} and purpose_id = ${campaign.world.ids.purposeId}`);
  expect(other?.status).toBe("granted");
});

test("a STOP is confirmed once a day, by a message that leaves in spite of it", async () => {
  await hears(person(4), write("BAJA"));
  await dispatch();
  await hears(person(4), write("STOP"));
  await dispatch();
  expect(await messagesOf(person(4), "opt_out_confirmation")).toEqual([{ state: "queued", reason: null }]);
  const lane = laneOf(person(4));
  const { messages } = await claimMessages(worker(), {
    lane,
    numberId: campaign.world.ids.numberId,
    limit: 50,
    workerId: newId(),
  });
  const kinds = await t.db.execute<{ kind: string }>(sql`
    select m.kind from send_attempts a join messages m on m.lane = a.lane and m.id = a.message_id
    where a.contact_id = ${person(4)}`);
  expect(messages.filter(({ contactId }) => contactId === person(4))).toHaveLength(1);
  expect(kinds).toEqual([{ kind: "opt_out_confirmation" }]);
});

test("what waits for somebody who refused ends without waiting for its hour, and is logged as refused", async () => {
  const before = worker().now();
  const waiting = await t.db.execute<{ id: string }>(sql`
    select contact_id as id from messages where campaign_id = ${campaign.campaignId} and state = 'queued'
      and contact_id <> all(${array(campaign.contactIds.slice(0, 5), "uuid")}) order by contact_id limit 2`);
  const [refusing = "", other = ""] = waiting.map(({ id }) => id);
  await t.db.execute(sql`
    update messages set not_before = app_now() + interval '3 days' where contact_id in (${refusing}, ${other})`);
  await skipRefused(worker(), before); // What others refused before: the clock stands still.
  await hears(refusing, write("BAJA"));
  expect(await skipRefused(worker(), before)).toBe(1);
  expect(await skipRefused(worker(), before)).toBe(0);
  expect(await messagesOf(refusing, "campaign")).toEqual([{ state: "skipped", reason: "consent_withdrawn" }]);
  expect(await messagesOf(other, "campaign")).toEqual([{ state: "queued", reason: null }]);
  const logged = await t.db.execute(sql`
    select 1 from gate_refusals r join log_batch_items i on i.entry_id = r.entry_id and i.item_id = r.message_id
    where r.contact_id = ${refusing}`);
  expect(logged).toHaveLength(1);
});
