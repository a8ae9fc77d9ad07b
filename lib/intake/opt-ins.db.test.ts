import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { createKeyword } from "@/lib/consent/commands/create-keyword";
import { createPurpose } from "@/lib/consent/commands/create-purpose";
import { publishWordingVersion } from "@/lib/consent/commands/publish-wording-version";
import { retireKeyword } from "@/lib/consent/commands/retire-keyword";
import { getConsentTimeline } from "@/lib/consent/queries/get-consent-timeline";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { signBody } from "@/lib/whatsapp/signature";
import { dispatchWebhooks } from "./commands/dispatch-webhooks";
import { receiveWebhook } from "./commands/receive-webhook";
import { acceptedMessages, META_IDS } from "./testing/accepted-messages";

const t = await testDatabase();
afterAll(() => t.close());

let now = new Date("2026-11-27T12:00:00.000Z");
const clock = { now: () => now };
const user = {
  kind: "user",
  userId: "018f4e5c-0000-7000-8000-000000000001",
  roles: ["compliance"],
  sessionId: null,
} as const;
const officer = t.context(user, { ...clock, db: t.as("console") });
const ingress = t.context(systemActor("ingress"), { ...clock, db: t.as("ingress") });
const worker = t.context(systemActor("worker"), { ...clock, db: t.as("worker") });

let news = "";
let offers = "";
let text = "";
let joinId = "";

beforeAll(async () => {
  await acceptedMessages(t.db, { count: 0 });
  const [purpose] = await t.db.execute<{ id: string; brand: string }>(sql`select id, brand_id as brand from purposes`);
  news = purpose?.id ?? "";
  const owner = t.context(systemActor("terminal"), clock);
  const given = { brandId: purpose?.brand ?? "", key: "offers", name: "Ofertas", category: "MARKETING" } as const;
  offers = (await createPurpose(owner, { ...given, doubleOptIn: true })).purposeId;
  const base = { controller: "Olmo", privacyNoticeUrl: "https://example.com/p", label: "v1", language: "es" };
  text = (await publishWordingVersion(officer, { purposeId: news, text: "Novedades.", ...base })).wordingVersionId;
  joinId = (await createKeyword(officer, { wordingVersionId: text, keyword: "¡Alta!" })).keywordId;
});

/** A round begins at any lane, so one alone may leave some for the next. */
async function dispatchAll(): Promise<void> {
  while ((await dispatchWebhooks(worker)) > 0);
}

let people = 100_000;
let contactId = "";

/** One message of somebody new, received and dispatched; answers what was recorded of them. */
async function says(message: Record<string, unknown>, from = `34600${people++}`) {
  now = new Date(now.getTime() + 60_000);
  const head = { id: `wamid.${newId()}`, timestamp: String(now.getTime() / 1000), from };
  const value = {
    metadata: { phone_number_id: META_IDS.phoneNumberId },
    messages: [{ ...head, ...message }],
  };
  const raw = Buffer.from(
    JSON.stringify({ entry: [{ id: META_IDS.wabaId, changes: [{ field: "messages", value }] }] }),
  );
  for (let i = 0; i < 2; i++) await receiveWebhook(ingress, { raw, signature: signBody(raw, "s"), appSecrets: ["s"] });
  await dispatchAll();
  await t.db.execute(sql`update webhook_inbox set status = 'new'`); // whatever is applied may be applied again
  await dispatchAll();
  const [row] = await t.db.execute<{ id: string }>(sql`
    select contact_id as id from inbound_messages order by received_at desc, id desc limit 1`);
  contactId = row?.id ?? "";
  const { events, states } = await getConsentTimeline(officer, { contactId });
  const status = (purposeId: string) => states.find((state) => state.purposeId === purposeId)?.status ?? "none";
  return { events, news: status(news), offers: status(offers) };
}

const words = (body: string) => ({ type: "text", text: { body } });
const ad = { source_url: "https://fb.me/x", source_id: "120", source_type: "ad", ctwa_clid: "clid-1" };

test("a word of the brand, however it is written, agrees to its purpose under its text", async () => {
  const { events, news: status } = await says(words("  ALTA!! "));
  expect(status).toBe("granted");
  expect(events).toMatchObject([
    { type: "granted", source: "keyword_in", sourceClass: "A", wordingVersionId: text, actorKind: "contact" },
  ]);
  expect(events[0]?.evidence).toMatchObject({ text: "  ALTA!! ", wamid: expect.stringContaining("wamid.") });
});

test("the word inside a sentence is no agreement, and neither is one with a refusal", async () => {
  expect((await says(words("no quiero el alta, baja"))).news).not.toBe("granted");
  expect((await says(words("¿cómo me doy de alta?"))).events).toEqual([]);
});

test("a button names purpose and text; a purpose that asks for a confirmation is only requested", async () => {
  const button = (payload: string) => ({ type: "button", button: { payload, text: "Sí, quiero" } });
  const direct = await says(button("OPT_IN:news:v1"));
  expect(direct.events).toMatchObject([{ type: "granted", source: "whatsapp_button", wordingVersionId: text }]);
  const asked = await says(button("OPT_IN:offers"));
  expect(asked.events).toMatchObject([{ type: "requested", source: "whatsapp_button", wordingVersionId: null }]);
  expect(asked.offers).toBe("pending");
  const unknown = await says(button("OPT_IN:nothing"));
  expect(unknown.events).toMatchObject([{ type: "evidence_added", purposeId: null }]);
});

test("a form in WhatsApp may agree to several purposes at once", async () => {
  const answers = { opt_in: ["news", "offers"], wording: "v1", size: "42" };
  const { events } = await says({
    type: "interactive",
    interactive: {
      type: "nfm_reply",
      nfm_reply: { name: "flow", body: "Sent", response_json: JSON.stringify(answers) },
    },
  });
  expect(events.map(({ type, source }) => [type, source]).toSorted()).toEqual([
    ["granted", "whatsapp_flow"],
    ["requested", "whatsapp_flow"],
  ]);
});

test("coming from an ad is kept as evidence, and agrees only with one of our words", async () => {
  const looked = await says({ ...words("Hola, vi vuestro anuncio"), referral: ad });
  expect(looked).toMatchObject({ news: "none", events: [{ type: "evidence_added", source: "ctwa_ad" }] });
  expect(looked.events[0]?.evidence).toMatchObject({ adId: "120", adClickId: "clid-1" });
  const agreed = await says({ ...words("alta"), referral: ad });
  expect(agreed).toMatchObject({ news: "granted", events: [{ type: "granted", source: "ctwa_ad" }] });
});

test("after a STOP the word opens the matter again and lifts the block; STOP ends it again", async () => {
  const from = "34600999000";
  await says(words("STOP"), from);
  expect((await says(words("alta"), from)).news).toBe("granted");
  expect((await getConsentTimeline(officer, { contactId })).blocks[0]?.liftedAt).not.toBeNull();
  expect((await says(words("baja"), from)).news).toBe("withdrawn");
});

test("a word that refuses or is in use cannot be chosen, and a retired one means nothing", async () => {
  for (const keyword of ["STOP", "Baja", "alta", "…"])
    await expect(createKeyword(officer, { wordingVersionId: text, keyword })).rejects.toMatchObject({
      code: "keyword_unusable",
    });
  await retireKeyword(officer, { keywordId: joinId });
  expect((await says(words("alta"))).events).toEqual([]);
});
