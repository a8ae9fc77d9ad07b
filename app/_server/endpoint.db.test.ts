import { sql } from "drizzle-orm";
import { afterAll, expect, test, vi } from "vitest";
import * as z from "zod";
import { testDatabase } from "@/db/testing/database";
import { AppError } from "@/lib/foundation/errors";
import { systemActor } from "@/lib/identity/actor";
import { authorize } from "@/lib/identity/authorize";
import { createApiKey } from "@/lib/identity/commands/create-api-key";
import { createPerson } from "@/lib/identity/commands/create-person";
import { actingAs, type Context } from "@/lib/identity/context";
import { endpoint } from "./endpoint";
import { closeSession, openSession, sessionCookie } from "./session";

/** The request that Next would carry around a handler: its cookies and headers. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock("next/headers", () => ({
  headers: async () => new Headers({ "user-agent": "Test browser", "x-forwarded-for": "198.51.100.4, 203.0.113.9" }),
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    set: (name: string, value: string) => jar.set(name, value),
    delete: (name: string) => jar.delete(name),
  }),
}));

const t = await testDatabase();
const desk = t.context(systemActor("console"), { db: t.as("console") });
const consoleUrl = "http://127.0.0.1:3000";
globalThis.contrasteConsole = Promise.resolve({
  contextFor: async (actor) => actingAs(desk, actor),
  clock: { now: () => new Date(), keepFresh: async () => {}, refresh: async () => {} },
  close: async () => {},
  sessionSecret: t.secrets.sessionSecret,
  consoleUrl,
  publicBaseUrl: "http://127.0.0.1:3001",
  phonesUrl: undefined,
});
afterAll(async () => {
  globalThis.contrasteConsole = undefined;
  await t.close();
});

const owner = await createPerson(actingAs(desk, systemActor("terminal")), {
  email: "owner@example.com",
  name: "Olga",
  roles: ["owner", "marketer"],
});
const ownerCtx = actingAs(desk, { kind: "user", userId: owner.userId, roles: ["owner", "marketer"], sessionId: null });
const { token } = await createApiKey(ownerCtx, { name: "BI", scopes: ["campaign.read", "campaign.edit"], days: 1 });

const read = endpoint({
  input: z.object({ id: z.string(), limit: z.coerce.number().max(10).default(5) }),
  output: z.object({ id: z.string(), limit: z.number(), by: z.string() }),
  run: async (ctx: Context, { id, limit }) => {
    authorize(ctx, "campaign.read");
    return { id, limit, by: ctx.actor.kind, secret: "not in the output" };
  },
});
/** What the command was asked to write. */
const written: string[] = [];
const write = endpoint({
  input: z.object({ id: z.string(), name: z.string().min(1) }),
  output: z.object({ name: z.string(), key: z.string().nullable() }),
  status: 201,
  run: async (ctx: Context, { name }, { idempotencyKey }) => {
    authorize(ctx, "campaign.edit");
    written.push(name);
    if (name === "taken") throw new AppError("conflict");
    return { name, key: idempotencyKey };
  },
});
const approve = endpoint({
  input: z.object({}),
  output: z.object({}),
  run: async (ctx: Context) => {
    authorize(ctx, "campaign.approve");
    return {};
  },
});

const route = { params: Promise.resolve({ id: "cmp_1" }) };
const url = `${consoleUrl}/api/v1/things/cmp_1`;
const bearer = { authorization: `Bearer ${token}` };
let requests = 0;
/** As a program names its writes: each by another key. */
const named = () => ({ "idempotency-key": `request-${++requests}` });
const get = (headers: Record<string, string> = {}, query = "") => read(new Request(url + query, { headers }), route);
const post = (body: string, headers: Record<string, string> = bearer, handler = write) =>
  handler(new Request(url, { method: "POST", body, headers: { ...named(), ...headers } }), route);

test("a key reads through its scope, and what the output does not name stays inside", async () => {
  const response = await get(bearer, "?limit=7");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ id: "cmp_1", limit: 7, by: "api_key" });
});

test("who has read it already gets 304", async () => {
  const etag = (await get(bearer)).headers.get("etag") ?? "";
  const again = await get({ ...bearer, "if-none-match": etag });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await get({ ...bearer, "if-none-match": '"other"' })).status).toBe(200);
});

test("without a key, with a wrong one, or with another scheme: 401 as problem details", async () => {
  const attempts: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${token}x` },
    { authorization: "Basic eDp5" },
    { authorization: "" },
  ];
  for (const headers of attempts) {
    const response = await get(headers);
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await response.json()).toMatchObject({ status: 401, code: "unauthenticated", title: "Unauthenticated" });
  }
});

test("a session reads as its person and never writes", async () => {
  await openSession({ email: "owner@example.com", password: owner.password });
  expect(await (await get()).json()).toMatchObject({ by: "user" });
  expect((await post('{"name":"x"}', {})).status).toBe(401);
  await closeSession();
  expect(jar.size).toBe(0);
  expect((await get()).status).toBe(401);
});

test("a cookie is worth nothing once its session has ended, nor when it was altered", async () => {
  const { name } = sessionCookie(consoleUrl);
  await openSession({ email: "owner@example.com", password: owner.password });
  const stolen = jar.get(name) ?? "";
  await closeSession();
  for (const value of [stolen, `${stolen.slice(0, -2)}AA`, "x"]) {
    jar.set(name, value);
    expect((await get()).status).toBe(401);
  }
  jar.clear();
});

test("signing in again ends the session before", async () => {
  const { name } = sessionCookie(consoleUrl);
  const credentials = { email: "owner@example.com", password: owner.password };
  await openSession(credentials);
  const before = jar.get(name) ?? "";
  await openSession(credentials);
  expect(jar.get(name)).not.toBe(before);
  jar.set(name, before);
  expect((await get()).status).toBe(401);
  jar.clear();
});

test("a key writes through the same command, and its idempotency key reaches it", async () => {
  const response = await post('{"name":"Navidad"}', { ...bearer, "idempotency-key": "abc-1" });
  expect([response.status, await response.json()]).toEqual([201, { name: "Navidad", key: "abc-1" }]);
  expect((await post("{}", { ...bearer, "idempotency-key": "a b" })).status).toBe(422);
});

test("the same write again is not done again, and is answered the same, also when both come at once", async () => {
  written.length = 0;
  const headers = { ...bearer, "idempotency-key": "till-7/1" };
  const both = await Promise.all([post('{"name":"Reyes"}', headers), post('{"name":"Reyes"}', headers)]);
  const again = await post('{"name":"Reyes"}', headers);
  const bodies = await Promise.all([...both, again].map((response) => response.json()));
  expect(bodies).toEqual(Array.from({ length: 3 }, () => ({ name: "Reyes", key: "till-7/1" })));
  expect([...both, again].map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(written).toEqual(["Reyes"]);
  const [row] = await t.db.execute(
    sql`select encode(sealed_body, 'escape') as body from api_answers where status = 201`,
  );
  expect(row?.body).not.toContain("Reyes");
});

test("another write under the same key is refused; a day later the key is free; another program has its own keys", async () => {
  const headers = { ...bearer, "idempotency-key": "till-7/2" };
  await post('{"name":"Reyes"}', headers);
  const other = await post('{"name":"Pascua"}', headers);
  expect([other.status, await other.json()]).toEqual([
    422,
    expect.objectContaining({ code: "idempotency_key_reused" }),
  ]);
  const second = await createApiKey(ownerCtx, { name: "ERP", scopes: ["campaign.edit"], days: 1 });
  expect((await post('{"name":"Pascua"}', { ...headers, authorization: `Bearer ${second.token}` })).status).toBe(201);
  await t.db.execute(sql`update api_answers set at = at - interval '25 hours'`);
  expect((await post('{"name":"Pascua"}', headers)).status).toBe(201);
});

test("a refusal is not remembered, and a write without a name is refused", async () => {
  written.length = 0;
  const headers = { ...bearer, "idempotency-key": "till-7/3" };
  expect((await post('{"name":"taken"}', headers)).status).toBe(409);
  expect((await post('{"name":"taken"}', headers)).status).toBe(409);
  expect(written).toEqual(["taken", "taken"]);
  const nameless = await write(new Request(url, { method: "POST", body: '{"name":"x"}', headers: bearer }), route);
  expect([nameless.status, await nameless.json()]).toEqual([
    422,
    expect.objectContaining({ params: { header: "Idempotency-Key" } }),
  ]);
});

test("a key that asks too often is told when to come back, and another one is not", async () => {
  const busy = await createApiKey(ownerCtx, { name: "Bucle", scopes: ["campaign.read"], days: 1 });
  const ask = () => get({ authorization: `Bearer ${busy.token}` });
  expect((await ask()).status).toBe(200);
  await t.db.execute(sql`update rate_buckets set tokens = 0, taken_at = now() where tokens > 598`);
  const refused = await ask();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  await t.db.execute(sql`update rate_buckets set taken_at = taken_at - interval '2 seconds'`);
  expect((await ask()).status).toBe(200);
  expect((await get(bearer)).status).toBe(200);
});

test("what no key may do is forbidden", async () => {
  const response = await post("{}", bearer, approve);
  expect([response.status, await response.json()]).toEqual([
    403,
    expect.objectContaining({ code: "forbidden", params: { permission: "campaign.approve" } }),
  ]);
});

test("a request that breaks the schema says where, and repeats no value", async () => {
  const response = await post('{"name":""}');
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ errors: [{ pointer: "/name", code: "too_small" }] });
  for (const body of ["{", "[]", "3", '"x"']) expect((await post(body)).status).toBe(422);
  expect((await post(`{"name":"${"x".repeat(1024 * 1024)}"}`)).status).toBe(413);
});

test("a path's id cannot be replaced by the query or the body", async () => {
  expect(await (await get(bearer, "?id=cmp_2")).json()).toMatchObject({ id: "cmp_1" });
});

test("the cookie cannot be read by scripts, stays on this site, and over https is bound to the host", () => {
  expect(sessionCookie("https://console.example.com")).toEqual({
    name: "__Host-contraste.session",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: true },
  });
  expect(sessionCookie(consoleUrl).options).toMatchObject({ httpOnly: true, sameSite: "lax", secure: false });
});
