import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { createApiKey } from "@/lib/identity/commands/create-api-key";
import { encodeLinkCode } from "@/lib/sending/link-code";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { attributeConversions } from "@/lib/tracking/commands/attribute-conversions";
import { createIngress } from "./server";

const t = await testDatabase();
const PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";

let campaign: SentCampaign;
let server: ReturnType<typeof createIngress>;
let token: string;

beforeAll(async () => {
  campaign = await sentCampaign(t, 60);
  const now = () => campaign.world.worker.now();
  server = createIngress({
    context: async () => t.context(systemActor("ingress"), { db: t.as("ingress"), now }),
    ready: async () => true,
  });
  const terminal = t.context(systemActor("terminal"));
  ({ token } = await createApiKey(terminal, { name: "shop", scopes: ["conversion.write"], days: 30 }));
});
afterAll(async () => {
  await server?.close();
  await t.close();
});

interface Target extends Record<string, unknown> {
  lane: number;
  id: string;
  contact_id: string;
  variant: string;
  link_code: Buffer | null;
}

async function message(variant: "A" | "B" | "holdout", offset = 0): Promise<Target> {
  const [row] = await t.db.execute<Target>(sql`
    select lane, id, contact_id, variant, link_code from messages
    where campaign_id = ${campaign.campaignId} and variant = ${variant} order by id offset ${offset} limit 1`);
  if (!row) throw new Error("no such message");
  return row;
}

const open = (target: Target, userAgent = PHONE, method: "GET" | "HEAD" = "GET") =>
  server.inject({
    method,
    url: `/l/${encodeLinkCode(target.lane, target.link_code ?? Buffer.alloc(12))}`,
    headers: { "user-agent": userAgent },
  });

async function clicked(target: Target) {
  const [row] = await t.db.execute<{ at: string | null; hits: number }>(sql`
    select clicked_at as at, (select count(*) from clicks where message_id = ${target.id})::int as hits
    from messages where lane = ${target.lane} and id = ${target.id}`);
  return row;
}

function report(conversions: unknown[], key = token, idempotencyKey: string = newId()) {
  return server.inject({
    method: "POST",
    url: "/api/v1/conversions",
    headers: { authorization: `Bearer ${key}`, "idempotency-key": idempotencyKey },
    payload: { conversions },
  });
}

function order(over: Record<string, unknown> = {}) {
  return {
    source: "shop",
    orderId: newId(),
    occurredAt: campaign.world.worker.now().toISOString(),
    amountMicros: 35_000_000,
    currency: "EUR",
    ...over,
  };
}

test("a person's tap is counted and led on, with labels and a click id, never cached", async () => {
  const target = await message("A");
  const answer = await open(target);
  expect(answer.statusCode).toBe(302);
  expect(answer.headers["cache-control"]).toBe("no-store");
  const url = new URL(String(answer.headers.location));
  expect(url.searchParams.get("utm_content")).toBe("A");
  expect(url.searchParams.get("wa_cid")).toHaveLength(23);
  expect(await clicked(target)).toMatchObject({ hits: 1, at: expect.any(String) });
});

test("previews, scanners and HEAD are led on and stored, and are no clicks", async () => {
  const target = await message("A", 1);
  for (const [agent, method] of [
    ["WhatsApp/2.24", "GET"],
    ["curl/8", "GET"],
    [PHONE, "HEAD"],
  ] as const) {
    expect((await open(target, agent, method)).statusCode).toBe(302);
  }
  expect(await clicked(target)).toEqual({ hits: 3, at: null });
});

test("a code that was never one of ours gets a page, not a redirect", async () => {
  for (const code of ["x", "A".repeat(18), encodeLinkCode(5, Buffer.alloc(12, 7)), "..%2f..%2fetc"]) {
    const answer = await server.inject({ method: "GET", url: `/l/${code}`, headers: { "user-agent": PHONE } });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers.location).toBeUndefined();
  }
});

test("a purchase is the assigned campaign's, clicked or not, the holdout's too, and once however often it is reported", async () => {
  const [buyer, heldOut] = [await message("B"), await message("holdout")];
  const phones = new Map<string, string>();
  for (const [i, id] of campaign.contactIds.entries()) phones.set(id, `+34600${100_000 + i}`);
  const mine = order({ phone: phones.get(buyer.contact_id) });
  const theirs = order({ phone: phones.get(heldOut.contact_id) });
  expect((await report([mine, theirs, mine])).json()).toMatchObject({ accepted: 2, duplicates: 1, refused: 0 });
  expect((await report([mine])).json()).toMatchObject({ accepted: 0, duplicates: 1 });
  while ((await attributeConversions(campaign.world.worker)) > 0);
  const rows = await t.db.execute<{ variant: string; n: number }>(sql`
    select variant, count(*)::int as n from campaign_conversions where campaign_id = ${campaign.campaignId}
      and contact_id in (${buyer.contact_id}, ${heldOut.contact_id}) group by variant order by variant`);
  expect(rows).toEqual([
    { variant: "B", n: 1 },
    { variant: "holdout", n: 1 },
  ]);
});

test("an order found by its click belongs to the person who clicked; one outside the window to no campaign", async () => {
  const target = await message("A", 2);
  const clickId = new URL(String((await open(target)).headers.location)).searchParams.get("wa_cid");
  const inside = order({ clickId });
  const before = order({ clickId, occurredAt: "2026-11-30T00:00:00Z" });
  await report([inside, before]);
  while ((await attributeConversions(campaign.world.worker)) > 0);
  const rows = await t.db.execute<{ via_click: boolean }>(sql`
    select via_click from campaign_conversions where contact_id = ${target.contact_id}`);
  expect(rows).toEqual([{ via_click: true }]);
});

test("a bad order is named with its field and costs its neighbours nothing", async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ amountMicros: -1 }, "amountMicros"],
    [{ amountMicros: 1.5 }, "amountMicros"],
    [{ amountMicros: 1e18 }, "amountMicros"],
    [{ currency: "euro" }, "currency"],
    [{ occurredAt: "yesterday" }, "occurredAt"],
    [{ occurredAt: "2031-01-01T00:00:00Z" }, "occurredAt"],
    [{ occurredAt: "0000-01-01T00:00:00Z" }, "occurredAt"],
    [{ orderId: "" }, "orderId"],
    [{ orderId: "a\0b" }, "orderId"],
    [{ source: "shop\0" }, "source"],
  ];
  const good = order({ externalId: "c-1" });
  const answer = (
    await report([...cases.map(([wrong]) => order({ externalId: "c-1", ...wrong })), order(), good])
  ).json();
  expect(answer).toMatchObject({ accepted: 1, refused: cases.length + 1 });
  for (const [i, [, field]] of cases.entries()) expect(answer.results[i].errors[0].field).toBe(field);
});

test("without a key, with a wrong key or one without the scope nothing is taken", async () => {
  const terminal = t.context(systemActor("terminal"));
  const reader = await createApiKey(terminal, { name: "reader", scopes: ["report.read"], days: 30 });
  const [before] = await t.db.execute(sql`select count(*)::int as n from conversions`);
  expect((await report([order({ externalId: "x" })], "wk_sandbox_nobody")).statusCode).toBe(401);
  expect((await report([order({ externalId: "x" })], reader.token)).statusCode).toBe(403);
  expect((await server.inject({ method: "POST", url: "/api/v1/conversions", payload: {} })).statusCode).toBe(401);
  expect((await report([])).statusCode).toBe(400);
  expect((await t.db.execute(sql`select count(*)::int as n from conversions`))[0]).toEqual(before);
});

test("the same request again is answered the same, also when both come at once; another under its name is refused", async () => {
  const orders = [order({ externalId: "c-1" })];
  const both = await Promise.all([report(orders, token, "till-7"), report(orders, token, "till-7")]);
  const again = await report(orders, token, "till-7");
  expect([...both, again].map((answer) => answer.json().accepted)).toEqual([1, 1, 1]);
  expect(again.headers["idempotent-replayed"]).toBe("true");
  const other = await report([order({ externalId: "c-1" })], token, "till-7");
  expect([other.statusCode, other.json().title]).toEqual([422, "idempotency_key_reused"]);
  expect((await report(orders, token, "")).statusCode).toBe(422);
  const [row] = await t.db.execute(
    sql`select count(*)::int as n from conversions where order_id = ${orders[0]?.orderId ?? ""}`,
  );
  expect(row).toEqual({ n: 1 });
});

test("a key that asks too often is told when to come back, and nothing of it is taken", async () => {
  const busy = await createApiKey(t.context(systemActor("terminal")), {
    name: "loop",
    scopes: ["conversion.write"],
    days: 30,
  });
  expect((await report([order({ externalId: "c-1" })], busy.token)).statusCode).toBe(200);
  await t.db.execute(sql`
    update rate_buckets set tokens = 0, taken_at = now() + interval '1 minute'
    where taken_at = (select max(taken_at) from rate_buckets)`);
  const [before] = await t.db.execute(sql`select count(*)::int as n from conversions`);
  const refused = await report([order({ externalId: "c-1" })], busy.token);
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "1"]);
  expect((await t.db.execute(sql`select count(*)::int as n from conversions`))[0]).toEqual(before);
  expect((await report([order({ externalId: "c-1" })])).statusCode).toBe(200);
});
