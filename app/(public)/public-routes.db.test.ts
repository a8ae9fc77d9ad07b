import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { createOptInForm } from "@/lib/consent/commands/create-opt-in-form";
import { createPurpose } from "@/lib/consent/commands/create-purpose";
import { publishWordingVersion } from "@/lib/consent/commands/publish-wording-version";
import { preferenceLink } from "@/lib/consent/preference-link";
import { newId, publicId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { actingAs } from "@/lib/identity/context";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { POST as answer } from "./forms/[slug]/answer/route";
import { POST as change } from "./preferences/[token]/change/route";
import { GET as receipt } from "./preferences/[token]/receipts/[eventId]/route";

const t = await testDatabase();
const desk = t.context(systemActor("console"), { db: t.as("console") });
globalThis.contrasteConsole = Promise.resolve({
  contextFor: async (actor) => actingAs(desk, actor),
  clock: { now: () => new Date(), keepFresh: async () => {}, refresh: async () => {} },
  close: async () => {},
  sessionSecret: t.secrets.sessionSecret,
  consoleUrl: "http://127.0.0.1:3000",
  publicBaseUrl: "https://wa.example.com",
  phonesUrl: undefined,
});
afterAll(async () => {
  globalThis.contrasteConsole = undefined;
  await t.close();
});

const brand = { id: "", purposeId: "", wording: "" };
beforeAll(async () => {
  const owner = t.context(systemActor("terminal"));
  const officer = t.context({ kind: "user", userId: newId(), roles: ["compliance"], sessionId: null });
  brand.id = (await createBrand(owner, { name: "Olmo", controller: "Olmo" })).brandId;
  const purpose = { brandId: brand.id, key: "news", name: "News", category: "MARKETING" } as const;
  brand.purposeId = (await createPurpose(owner, purpose)).purposeId;
  const text = { purposeId: brand.purposeId, label: "v1", language: "es", text: "Sí.", controller: "Olmo" };
  const published = await publishWordingVersion(officer, { ...text, privacyNoticeUrl: "https://example.com/p" });
  brand.wording = published.wordingVersionId;
  await createOptInForm(officer, { purposeId: brand.purposeId, name: "Web", slug: "olmo" });
});

/** A form as a browser without JavaScript sends it. */
function sent(fields: Record<string, string>, headers: Record<string, string> = {}): Request {
  return new Request("http://127.0.0.1:3000/forms/olmo/answer", {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "sec-fetch-site": "same-origin", "x-forwarded-for": "203.0.113.9", ...headers },
  });
}

const form = { params: Promise.resolve({ slug: "olmo" }) };
const fields = (given: Record<string, string> = {}) => ({
  wording: brand.wording,
  submission: newId(),
  lang: "en",
  phone: "+34 600 200 001",
  agree: "yes",
  website: "",
  ...given,
});

async function events(): Promise<number> {
  const [row] = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from consent_events`);
  return row?.n ?? 0;
}

test("a sent form is recorded once and leads to a page whose address says nothing of the person", async () => {
  const given = fields();
  for (let i = 0; i < 2; i++) {
    const response = await answer(sent(given), form);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/forms/olmo?lang=en&done=yes"]);
  }
  expect(await events()).toBe(1);
});

test("what is wrong is told; the number as typed stays in the browser, sealed", async () => {
  const before = await events();
  const { agree: _, ...unticked } = fields({ phone: "600 12" });
  const response = await answer(sent(unticked), form);
  expect(response.headers.get("location")).toBe("/forms/olmo?lang=en&problem=phone%2Cagree");
  const cookie = response.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^form_typed=[\w-]+; Path=\/forms\/olmo; Max-Age=120; HttpOnly; SameSite=Lax$/);
  expect(await events()).toBe(before);
});

test("a machine that fills what nobody sees gets the same page and records nothing", async () => {
  const before = await events();
  const response = await answer(sent(fields({ website: "https://spam.example" })), form);
  expect(response.headers.get("location")).toBe("/forms/olmo?lang=en&done=yes");
  expect(await events()).toBe(before);
});

test("another site, another kind of body and a body too large are refused", async () => {
  const before = await events();
  const refused = [
    sent(fields(), { "sec-fetch-site": "cross-site" }),
    sent(fields(), { "content-type": "application/json" }),
    sent(fields({ phone: "6".repeat(20_000) })),
  ];
  for (const request of refused) expect((await answer(request, form)).status).toBe(400);
  expect(await events()).toBe(before);
});

test("one address answers so often and is then told when to come back", async () => {
  const from = { "x-forwarded-for": "203.0.113.10" };
  for (let i = 0; i < 30; i++) await answer(sent(fields({ phone: "1" }), from), form);
  const response = await answer(sent(fields(), from), form);
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "60"]);
});

test("one click on the preference page ends everything; a link that we did not sign does nothing", async () => {
  const [row] = await t.db.execute<{ id: string }>(sql`select contact_id as id from consent_events limit 1`);
  const token =
    preferenceLink(desk, row?.id ?? "", brand.id)
      .split("/")
      .at(-1) ?? "";
  const click = { act: "stop_all", lang: "es", submission: newId() };
  const at = (text: string) => ({ params: Promise.resolve({ token: text }) });
  const before = await events();
  const forged = await change(sent(click), at(`A${token.slice(1)}`));
  expect([forged.status, await events()]).toEqual([303, before]);
  const done = await change(sent(click), at(token));
  expect(done.headers.get("location")).toBe(`/preferences/${token}?lang=es&done=stopped_all`);
  const [state] = await t.db.execute<{ status: string }>(sql`select status from consent_state`);
  expect(state?.status).toBe("withdrawn");
});

test("a receipt is a file for the person behind the link, and nothing to anybody else", async () => {
  const [row] = await t.db.execute<{ id: string; contact: string }>(
    sql`select id, contact_id as contact from consent_events where type = 'granted' limit 1`,
  );
  const token = (
    preferenceLink(desk, row?.contact ?? "", brand.id)
      .split("/")
      .at(-1) ?? ""
  ).trim();
  const take = (given: string, eventId: string) =>
    receipt(new Request("http://127.0.0.1:3000/", { headers: { "x-forwarded-for": "203.0.113.11" } }), {
      params: Promise.resolve({ token: given, eventId }),
    });
  const eventId = publicId("evt", row?.id ?? "");
  const taken = await take(token, eventId);
  expect([taken.status, taken.headers.get("content-disposition"), taken.headers.get("cache-control")]).toEqual([
    200,
    `attachment; filename="receipt-${eventId}.json"`,
    "no-store",
  ]);
  expect(await taken.json()).toMatchObject({ consentReceiptID: row?.id, event: { evidence: null } });
  const refused = [take(`A${token.slice(1)}`, eventId), take(token, publicId("evt", newId())), take(token, "evt_x")];
  for (const response of await Promise.all(refused)) expect(response.status).toBe(404);
});
