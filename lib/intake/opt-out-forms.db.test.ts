import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { storeContacts } from "@/lib/audience/commands/store-contacts";
import { learnIdentities } from "@/lib/consent/commands/learn-identities";
import { meetSuppressions } from "@/lib/consent/commands/suppress";
import { optOutKeywords } from "@/lib/consent/opt-out-keywords";
import { LANES, newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { signBody } from "@/lib/whatsapp/signature";
import { receiveWebhook } from "./commands/receive-webhook";

const t = await testDatabase();
afterAll(() => t.close());
let campaign: SentCampaign;
beforeAll(async () => {
  campaign = await queuedCampaign(t, 64);
});

/** Says no in one way. `number` is how the person was imported. */
interface Form {
  name: string;
  number?: string;
  /** What Meta told of the person in an earlier answer or status. */
  learnt?: { waId?: string; userId?: string; parentUserId?: string };
  message?: (digits: string) => Record<string, unknown>;
  preference?: (digits: string) => Record<string, unknown>;
  expected: string;
}

const text = (body: string) => (from: string) => ({ from, type: "text", text: { body } });
const forms: Form[] = [
  ...Object.entries(optOutKeywords).map(
    ([language, [keyword = ""]]): Form => ({
      name: `a keyword in ${language}: ${keyword}`,
      message: text(keyword.toUpperCase()),
      expected: "withdrawn",
    }),
  ),
  { name: "a phrase", message: text("No quiero más mensajes"), expected: "withdrawn" },
  { name: "a doubtful refusal", message: text("qué pesados sois"), expected: "review" },
  {
    name: "a quick reply with our payload",
    message: (from) => ({ from, type: "button", button: { payload: "OPT_OUT:promo", text: "No, gracias" } }),
    expected: "withdrawn",
  },
  {
    name: "a quick reply whose label says it",
    message: (from) => ({ from, type: "button", button: { payload: "Stop promotions", text: "Stop promotions" } }),
    expected: "withdrawn",
  },
  {
    name: "a reply button without a quote",
    message: (from) => ({
      from,
      type: "interactive",
      interactive: { type: "button_reply", button_reply: { id: "OPT_OUT", title: "Baja" } },
    }),
    expected: "withdrawn",
  },
  {
    name: "a row of a list",
    message: (from) => ({
      from,
      type: "interactive",
      interactive: { type: "list_reply", list_reply: { id: "OPT_OUT", title: "Dejar de recibir" } },
    }),
    expected: "withdrawn",
  },
  {
    name: "the caption of a picture",
    message: (from) => ({ from, type: "image", image: { id: "1", mime_type: "image/jpeg", caption: "baja" } }),
    expected: "withdrawn",
  },
  {
    name: "a text edited into a refusal",
    message: (from) => ({
      from,
      type: "edit",
      edit: { original_message_id: "wamid.before", message: { type: "text", text: { body: "STOP" } } },
    }),
    expected: "withdrawn",
  },
  {
    name: "a forwarded refusal",
    message: (from) => ({ ...text("BAJA")(from), context: { forwarded: true } }),
    expected: "withdrawn",
  },
  { name: "Meta's own control", preference: (wa_id) => ({ wa_id }), expected: "meta_stop" },
  {
    name: "Meta's own control, user id alone",
    learnt: { userId: "ES.10000000000000000101" },
    preference: () => ({ user_id: "ES.10000000000000000101" }),
    expected: "meta_stop",
  },
  {
    name: "words, user id alone",
    learnt: { userId: "ES.10000000000000000102" },
    message: () => ({ ...text("BAJA")(""), from: undefined, from_user_id: "ES.10000000000000000102" }),
    expected: "withdrawn",
  },
  {
    name: "words, a new user id under a known parent",
    learnt: { userId: "ES.10000000000000000103", parentUserId: "ES.ENT.20000000000000000103" },
    message: () => ({
      ...text("BAJA")(""),
      from: undefined,
      from_user_id: "ES.10000000000000000104",
      from_parent_user_id: "ES.ENT.20000000000000000103",
    }),
    expected: "withdrawn",
  },
  {
    name: "a WhatsApp id that Meta gave in answer to a send",
    learnt: { waId: "34699000111" },
    message: () => text("BAJA")("34699000111"),
    expected: "withdrawn",
  },
  {
    name: "Mexico written 521",
    number: "+525512345678",
    message: () => text("BAJA")("5215512345678"),
    expected: "withdrawn",
  },
  {
    name: "Brazil without the ninth digit",
    number: "+5531987654321",
    message: () => text("SAIR")("553187654321"),
    expected: "withdrawn",
  },
  {
    name: "Argentina written 549",
    number: "+541123456789",
    message: () => text("BAJA")("5491123456789"),
    expected: "withdrawn",
  },
  {
    name: "Argentina written 54",
    number: "+5491187654321",
    preference: () => ({ wa_id: "541187654321" }),
    expected: "meta_stop",
  },
];

async function receive(form: Form, digits: string) {
  const now = campaign.world.worker.now();
  const head = { id: `wamid.${newId()}`, timestamp: String(now.getTime() / 1000) };
  const messages = form.message && [{ ...head, ...form.message(digits) }];
  const preferences = form.preference && [
    {
      detail: "",
      category: "marketing_messages",
      value: "stop",
      timestamp: now.getTime() / 1000,
      ...form.preference(digits),
    },
  ];
  const changes = messages
    ? [{ field: "messages", value: { messages } }]
    : [{ field: "user_preferences", value: { user_preferences: preferences } }];
  const raw = Buffer.from(JSON.stringify({ entry: [{ id: "900000000000001", changes }] }));
  const ctx = t.context(systemActor("ingress"), { db: t.as("ingress"), now: () => now });
  return receiveWebhook(ctx, { raw, signature: signBody(raw, "secret"), appSecrets: ["secret"] });
}

/** As an import does it. */
async function giveNumber(contactId: string, value: string): Promise<void> {
  const ctx = campaign.world.worker;
  const key = (await t.keystore.keysOf([contactId])).get(contactId);
  if (!key) throw new Error("no key");
  const identifiers = [{ kind: "phone" as const, value }];
  await storeContacts(ctx, { created: [], changed: [{ contactId, key, identifiers, facts: { attributes: {} } }] });
  await meetSuppressions(ctx, [contactId]);
}

const contactsCount = async () =>
  (await t.db.execute<{ n: number }>(sql`select count(*)::int as n from contacts`))[0]?.n;

test(`a refusal in each of ${forms.length} forms reaches the person imported with the ordinary number, and no claim sends to them`, async () => {
  const queued = await t.db.execute<{ contact_id: string }>(sql`
    select contact_id from messages where state = 'queued' order by contact_id`);
  expect(queued.length).toBeGreaterThan(forms.length);
  const people = await contactsCount();
  const refused = new Set<string>();
  for (const [i, form] of forms.entries()) {
    const contactId = queued[i]?.contact_id ?? "";
    const digits = `34600${String(100_000 + campaign.contactIds.indexOf(contactId))}`;
    if (form.number) await giveNumber(contactId, form.number);
    if (form.learnt) await learnIdentities(campaign.world.worker, [{ contactId, ...form.learnt }]);
    expect(await receive(form, digits), form.name).toEqual({ kind: "stored" });
    const blocks = await t.db.execute<{ kind: string }>(sql`
      select kind from contact_suppressions where contact_id = ${contactId} and lifted_at is null`);
    expect(
      blocks.map(({ kind }) => kind),
      form.name,
    ).toEqual([form.expected]);
    refused.add(contactId);
  }
  expect(await contactsCount(), "nobody was taken for a stranger").toBe(people);

  const sent: string[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    const claim = { lane, numberId: campaign.world.ids.numberId, limit: 10, workerId: newId() };
    sent.push(...(await claimMessages(campaign.world.worker, claim)).messages.map(({ contactId }) => contactId));
  }
  expect(sent.filter((id) => refused.has(id))).toEqual([]);
  expect(sent).toHaveLength(queued.length - forms.length);
});
