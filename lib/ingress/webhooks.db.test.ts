import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { DISPATCHERS, dispatchWebhooks } from "@/lib/intake/commands/dispatch-webhooks";
import { connectNumber } from "@/lib/numbers/commands/connect-number";
import { signBody } from "@/lib/whatsapp/signature";
import { fuzzedBody, seededRandom } from "@/lib/whatsapp/testing/webhook-fuzz";
import { startIngress } from "./ingress";
import { createIngress } from "./server";

const t = await testDatabase();
const appSecret = "a secret of the app";
const ids = { wabaId: "900000000000001", phoneNumberId: "800000000000001" };
const ingressContext = () => Promise.resolve(t.context(systemActor("ingress"), { db: t.as("ingress") }));
const server = createIngress({ context: ingressContext, ready: async () => true });
const worker = t.context(systemActor("worker"), { db: t.as("worker") });

beforeAll(async () => {
  const terminal = t.context(systemActor("terminal"));
  const { brandId } = await ensureDefaultBrand(terminal, { name: "Olmo", sampleWording: true });
  await connectNumber(terminal, {
    brandId,
    ...ids,
    displayNumber: "+1 555-010-0100",
    verifiedName: "Olmo",
    baseUrl: "http://127.0.0.1:1",
    apiVersion: "v25.0",
    token: "token",
    appSecret,
    verifyToken: "a token that verifies the address",
    messagesPerSecond: 80,
    isSandbox: true,
  });
});
afterAll(async () => {
  await server.close();
  await t.close();
});

const samples = new URL("../whatsapp/samples/", import.meta.url);
const bodies = readdirSync(samples)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({ name, text: readFileSync(new URL(name, samples), "utf8") }))
  .filter(({ text }) => Array.isArray(JSON.parse(text).entry));

function post(payload: string | Buffer, to = server) {
  return to.inject({
    method: "POST",
    url: "/webhooks/whatsapp",
    headers: { "content-type": "application/json", "x-hub-signature-256": signBody(payload, appSecret) },
    payload,
  });
}

async function dispatchAll(): Promise<void> {
  while ((await dispatchWebhooks(worker)) > 0);
}

async function numberOf(query: ReturnType<typeof sql>): Promise<number> {
  const [row] = await t.db.execute<{ n: number }>(query);
  return row?.n ?? -1;
}

test("every webhook sample is taken with 200 and processed, none is put aside", async () => {
  for (const { name, text } of bodies) expect([name, (await post(text)).statusCode]).toEqual([name, 200]);
  await dispatchAll();
  expect([...(await t.db.execute(sql`select kind, error from webhook_dead_items`))]).toEqual([]);
  const counts = await t.db.execute<{ kind: string; n: number }>(sql`
    select kind, sum(count)::int as n from webhook_counts where status = 'done' group by kind`);
  expect(Object.fromEntries(counts.map(({ kind, n }) => [kind, n]))).toMatchObject({
    body: bodies.length,
    message: 30,
    user_preference: 4,
    user_id_update: 1,
    user_action: 1,
    message_echo: 1,
    template_quality: 2,
    template_category: 2,
    template_components: 1,
    account_update: 5,
    account_error: 1,
  });
});

test("the same bodies again are duplicates, whenever they come, and change nothing", async () => {
  const state = async () =>
    (
      await t.db.execute(sql`
        select (select count(*) from webhook_inbox) as bodies, (select count(*) from inbound_messages) as messages,
          (select count(*) from consent_events) as events, (select count(*) from contact_suppressions) as blocks,
          (select count(*) from parked_statuses) as parked, (select count(*) from contacts) as people`)
    )[0];
  const before = await state();
  for (const { text } of bodies) expect((await post(text)).json()).toEqual({ status: "duplicate" });
  await dispatchAll();
  expect(await state()).toEqual(before);
});

test("items that come again in other bodies have no second effect", async () => {
  const before = await numberOf(sql`select count(*)::int as n from inbound_messages`);
  const again = bodies.filter(({ name }) => name.startsWith("inbound-")).map(({ text }) => JSON.parse(text).entry);
  expect((await post(JSON.stringify({ entry: again.flat() }))).json()).toEqual({ status: "stored" });
  await dispatchAll();
  expect(await numberOf(sql`select count(*)::int as n from inbound_messages`)).toBe(before);
});

test("a send that fails because the person stopped marketing is their refusal, before the answer", async () => {
  const blocks = () =>
    numberOf(sql`select count(*)::int as n from contact_suppressions where kind = 'meta_stop' and lifted_at is null`);
  const before = await blocks();
  const status = { id: "wamid.stopped", status: "failed", timestamp: "1763800000", recipient_id: "34600777001" };
  const value = {
    metadata: { phone_number_id: ids.phoneNumberId },
    statuses: [{ ...status, errors: [{ code: 131_050 }] }],
  };
  await post(JSON.stringify({ entry: [{ id: ids.wabaId, changes: [{ field: "messages", value }] }] }));
  expect(await blocks()).toBe(before + 1);
});

test("a refusal is heeded however its letters are escaped", async () => {
  const blocks = () => numberOf(sql`select count(*)::int as n from contact_suppressions where kind = 'withdrawn'`);
  const before = await blocks();
  const message = {
    id: "wamid.escaped",
    from: "34600777002",
    timestamp: "1763800000",
    type: "text",
    text: { body: "STOP" },
  };
  const value = { metadata: { phone_number_id: ids.phoneNumberId }, messages: [message] };
  const body = JSON.stringify({ entry: [{ id: ids.wabaId, changes: [{ field: "messages", value }] }] });
  await post(body.replace('"messages":[', '"\\u006dessages":['));
  expect(await blocks()).toBe(before + 1);
});

// A body costs about 2 ms to take and 4 ms to process on an idle core, because most of these are broken in some way and are
// tried one by one; a hundred thousand go through the parser alone (lib/whatsapp/webhook-samples.test.ts).
const FUZZED = process.env.LONG ? 20_000 : 300;
/** As many posts wait for their answers at once: those that come together share a transaction. */
const IN_FLIGHT = 64;
/** Processed meanwhile, as a worker does it. */
const ROUND = 16 * IN_FLIGHT;

test(`${FUZZED} fuzzed bodies through the real door never give 5xx and never lose the good status among them`, async () => {
  const random = seededRandom(4_711);
  const texts = bodies.map(({ text }) => text);
  for (let first = 0; first < FUZZED; first += IN_FLIGHT) {
    const wave = Array.from({ length: Math.min(IN_FLIGHT, FUZZED - first) }, (_, n) =>
      post(fuzzedBody(texts, random, { wamid: `wamid.neighbour${first + n}`, ...ids })),
    );
    const refused = (await Promise.all(wave)).filter(({ statusCode }) => statusCode !== 200);
    expect(refused.map(({ statusCode, body }) => [statusCode, body])).toEqual([]);
    if (first % ROUND === 0) await Promise.all(Array.from({ length: DISPATCHERS }, dispatchAll));
  }
  await dispatchAll();
  expect(await numberOf(sql`select count(*)::int as n from webhook_inbox where status = 'new'`)).toBe(0);
  const found = await numberOf(sql`
    select count(distinct p.item->>'wamid')::int as n from parked_statuses p
    where p.item->>'wamid' like 'wamid.neighbour%' and p.status = 'sent'`);
  expect(found).toBe(FUZZED);
}, 2_400_000);

test("a thousand items of several entries and changes in one body are all processed", async () => {
  const statuses = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => ({
      id: `wamid.many${from + n}`,
      status: "sent",
      timestamp: "1763800000",
    }));
  const change = (from: number, to: number) => ({
    field: "messages",
    value: { metadata: { phone_number_id: ids.phoneNumberId }, statuses: statuses(from, to) },
  });
  const entry = [
    { id: ids.wabaId, changes: [change(0, 300), change(300, 600)] },
    { id: ids.wabaId, changes: [change(600, 1_000)] },
  ];
  expect((await post(JSON.stringify({ entry }))).statusCode).toBe(200);
  await dispatchAll();
  expect(
    await numberOf(sql`select count(*)::int as n from parked_statuses where item->>'wamid' like 'wamid.many%'`),
  ).toBe(1_000);
});

test("three megabytes are taken, one byte more is refused with 413 and leaves nothing", async () => {
  const limit = 3 * 1024 * 1024;
  const before = await numberOf(sql`select count(*)::int as n from webhook_inbox`);
  expect((await post(Buffer.alloc(limit, " "))).statusCode).toBe(200);
  expect((await post(Buffer.alloc(limit + 1, " "))).statusCode).toBe(413);
  expect(await numberOf(sql`select count(*)::int as n from webhook_inbox`)).toBe(before + 1);
});

test("posts that come together share transactions, and each gets its own answer", async () => {
  const body = (n: number) => JSON.stringify({ entry: [], n });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => post(body(n % 100))));
  const kinds = answers.map((answer) => answer.json().status);
  expect(kinds.filter((kind) => kind === "stored")).toHaveLength(100);
  expect(kinds.filter((kind) => kind === "duplicate")).toHaveLength(100);
});

/** A way to the database that can be cut and mended, on one port. */
async function cuttableWay(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const open = (port: number) =>
    new Promise<Server>((resolve) => {
      const way = createServer((near) => {
        const far = connect(Number(target.port), target.hostname);
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          sockets.add(from);
          from.pipe(to);
          from.on("error", () => to.destroy());
          from.on("close", () => to.destroy());
        }
      });
      way.listen(port, "127.0.0.1", () => resolve(way));
    });
  let way = await open(0);
  const { port } = way.address() as AddressInfo; // a TCP server that listens has one
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  const cut = () =>
    new Promise<void>((resolve) => {
      way.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const mend = async () => {
    way = await open(port);
  };
  return { url: url.href, cut, mend };
}

test("while the database is away Meta gets 503 and nothing is lost: its retry is taken when the database is back", async () => {
  const way = await cuttableWay(t.urls.ingress);
  const running = await startIngress({
    databaseUrl: way.url,
    keystoreUrl: t.urls.keystore,
    secrets: t.secrets,
    host: "127.0.0.1",
    port: 0,
  });
  const send = (payload: string) =>
    fetch(`${running.url}/webhooks/whatsapp`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hub-signature-256": signBody(payload, appSecret) },
      body: payload,
    });
  try {
    const payload = JSON.stringify({ entry: [], nonce: newId() });
    expect((await send(JSON.stringify({ entry: [], nonce: newId() }))).status).toBe(200);
    await way.cut();
    const refused = await send(payload);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    await way.mend();
    expect(await (await send(payload)).json()).toEqual({ status: "stored" });
    expect(await (await send(payload)).json()).toEqual({ status: "duplicate" });
  } finally {
    await running.close();
    await way.cut();
  }
});
