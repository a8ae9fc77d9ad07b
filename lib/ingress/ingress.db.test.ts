import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { dispatchWebhooks } from "@/lib/intake/commands/dispatch-webhooks";
import { connectNumber } from "@/lib/numbers/commands/connect-number";
import { signBody } from "@/lib/whatsapp/signature";
import { createIngress } from "./server";

const t = await testDatabase();
const appSecret = "a secret of the app";
const verifyToken = randomBytes(16).toString("hex");
const ingressContext = () => Promise.resolve(t.context(systemActor("ingress"), { db: t.as("ingress") }));
const server = createIngress({ context: ingressContext, ready: async () => true });
const worker = t.context(systemActor("worker"), { db: t.as("worker") });

beforeAll(async () => {
  const terminal = t.context(systemActor("terminal"));
  const { brandId } = await ensureDefaultBrand(terminal, { name: "Olmo", sampleWording: true });
  await connectNumber(terminal, {
    brandId,
    wabaId: "900000000000001",
    phoneNumberId: "800000000000001",
    displayNumber: "+1 555-010-0100",
    verifiedName: "Olmo",
    baseUrl: "http://127.0.0.1:1",
    apiVersion: "v25.0",
    token: "token",
    appSecret,
    verifyToken,
    messagesPerSecond: 80,
    isSandbox: true,
  });
});
afterAll(async () => {
  await server.close();
  await t.close();
});

const metadata = { display_phone_number: "15550100100", phone_number_id: "800000000000001" };

function body(...changes: { field: string; value: unknown }[]): string {
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "900000000000001", changes }] });
}

function text(from: string, words: string, wamid = `wamid.${newId()}`) {
  const message = {
    id: wamid,
    from,
    timestamp: String(Math.floor(Date.now() / 1000)),
    type: "text",
    text: { body: words },
  };
  return { field: "messages", value: { messaging_product: "whatsapp", metadata, messages: [message] } };
}

function post(payload: string, signature = signBody(payload, appSecret)) {
  return server.inject({
    method: "POST",
    url: "/webhooks/whatsapp",
    headers: { "content-type": "application/json", "x-hub-signature-256": signature },
    payload,
  });
}

async function consentOf(kind: string): Promise<{ events: number; blocks: number }> {
  const [row] = await t.db.execute<{ events: number; blocks: number }>(sql`
    select (select count(*) from consent_events where type = 'withdrawn')::int as events,
      (select count(*) from contact_suppressions where kind = ${kind} and lifted_at is null)::int as blocks`);
  return row ?? { events: -1, blocks: -1 };
}

test("a stranger's STOP is a withdrawal and a block before the answer, and a repetition changes nothing", async () => {
  const payload = body(text("34600111222", "STOP"));
  expect((await post(payload)).json()).toEqual({ status: "stored" });
  expect(await consentOf("withdrawn")).toEqual({ events: 1, blocks: 1 });
  expect((await post(payload)).json()).toEqual({ status: "duplicate" });
  expect(await consentOf("withdrawn")).toEqual({ events: 1, blocks: 1 });
});

test("a STOP from a clock that is ahead holds from now on", async () => {
  const before = await consentOf("withdrawn");
  const change = text("34600111223", "BAJA");
  for (const message of change.value.messages) message.timestamp = String(Math.floor(Date.now() / 1000) + 86_400);
  expect((await post(body(change))).json()).toEqual({ status: "stored" });
  expect(await consentOf("withdrawn")).toEqual({ events: before.events + 1, blocks: before.blocks + 1 });
});

test("annoyance without a keyword rests marketing until a person has read it", async () => {
  const { events } = await consentOf("review");
  await post(body(text("34600111333", "dejadme en paz ya con tanto mensaje")));
  expect(await consentOf("review")).toEqual({ events, blocks: 1 });
});

test("Meta's stop blocks; its resume, or a sign-up over Meta's own link, lifts that block alone: the consent stays withdrawn", async () => {
  const preference = (value: string, at: number) => ({
    field: "user_preferences",
    value: {
      messaging_product: "whatsapp",
      metadata,
      user_preferences: [{ wa_id: "34600111444", category: "marketing_messages", value, timestamp: at }],
    },
  });
  const now = Math.floor(Date.now() / 1000);
  const { events } = await consentOf("meta_stop");
  await post(body(preference("stop", now - 60)));
  expect(await consentOf("meta_stop")).toEqual({ events: events + 1, blocks: 1 });
  await post(body(preference("resume", now - 30)));
  expect(await consentOf("meta_stop")).toEqual({ events: events + 1, blocks: 0 });
  await post(body(preference("stop", now - 20)));
  const { events: stopped } = await consentOf("meta_stop");
  await post(body(preference("signup", now - 25))); // older than the stop: it stands
  expect(await consentOf("meta_stop")).toEqual({ events: stopped, blocks: 1 });
  await post(body(preference("signup", now - 10)));
  expect(await consentOf("meta_stop")).toEqual({ events: stopped, blocks: 0 });
});

test("a body that nobody we know signed is refused and leaves nothing behind", async () => {
  const payload = body(text("34600111555", "STOP"));
  const [before] = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from webhook_inbox`);
  for (const signature of [signBody(payload, "another secret"), "sha256=00", ""]) {
    expect((await post(payload, signature)).statusCode).toBe(401);
  }
  expect((await post(`${payload} `, signBody(payload, appSecret))).statusCode).toBe(401);
  expect(await t.db.execute(sql`select count(*)::int as n from webhook_inbox`)).toEqual([before]);
});

test("what is signed but no webhook at all is stored and counted, never a crash", async () => {
  for (const payload of [
    "",
    "null",
    "[]",
    "{",
    '{"entry":[1,null,{"changes":[{}]}]}',
    `{"entry":"${"x".repeat(5_000)}"}`,
  ]) {
    expect((await post(payload)).statusCode).toBe(200);
  }
  while ((await dispatchWebhooks(worker)) > 0);
  const [row] = await t.db.execute<{ n: number }>(
    sql`select count(*)::int as n from webhook_inbox where status = 'new'`,
  );
  expect(row?.n).toBe(0);
});

test("a body above three megabytes is refused", async () => {
  expect((await post("x".repeat(3 * 1024 * 1024 + 1))).statusCode).toBe(413);
});

test("the address is verified with the number's own token and no other", async () => {
  const ask = (token: string) =>
    server.inject({
      method: "GET",
      url: `/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`,
    });
  const right = await ask(verifyToken);
  expect([right.statusCode, right.body]).toEqual([200, "1158201444"]);
  expect((await ask("wrong")).statusCode).toBe(403);
  expect((await ask("wrong&hub.verify_token=twice")).statusCode).toBe(403);
});

test("with the database away the answer is 503, so that Meta comes again", async () => {
  const away = createIngress({
    context: () => Promise.reject(new Error("connection refused")),
    ready: async () => false,
  });
  const payload = body(text("34600111666", "STOP"));
  const answer = await away.inject({
    method: "POST",
    url: "/webhooks/whatsapp",
    payload,
    headers: { "x-hub-signature-256": signBody(payload, appSecret) },
  });
  expect(answer.statusCode).toBe(503);
  expect((await away.inject({ method: "GET", url: "/readyz" })).statusCode).toBe(503);
  await away.close();
});

test("what people write is kept once, and readable only under their key", async () => {
  const wamid = `wamid.${newId()}`;
  await post(body(text("34600111777", "¿Tenéis la talla 38?", wamid)));
  await post(body(text("34600111777", "¿Tenéis la talla 38?", wamid), text("34600111888", "hola")));
  while ((await dispatchWebhooks(worker)) > 0);
  const rows = await t.db.execute<{ wamid: string; sealed: Buffer; classification: string }>(sql`
    select wamid, body_sealed as sealed, classification from inbound_messages where wamid = ${wamid}`);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.classification).toBe("other");
  expect(rows[0]?.sealed.includes(Buffer.from("talla"))).toBe(false);
});
