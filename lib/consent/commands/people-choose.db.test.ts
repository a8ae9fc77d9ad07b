import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { preferenceToken } from "../preference-link";
import { getConsentTimeline } from "../queries/get-consent-timeline";
import { getOptInForm } from "../queries/get-opt-in-form";
import { getPreferences } from "../queries/get-preferences";
import { addFormTag } from "./add-form-tag";
import { answerOptInForm, type OptInAnswer } from "./answer-opt-in-form";
import { changePreferences, type PreferenceChoice } from "./change-preferences";
import { createOptInForm } from "./create-opt-in-form";
import { createPurpose } from "./create-purpose";
import { notePreferenceRead } from "./note-preference-read";
import { publishWordingVersion } from "./publish-wording-version";
import { setOptInFormOpen } from "./set-opt-in-form-open";

const t = await testDatabase();
afterAll(() => t.close());

let now = new Date("2026-11-27T12:00:00.000Z");
const clock = { now: () => now };
const user = { kind: "user", userId: "018f4e5c-0000-7000-8000-000000000001", sessionId: null } as const;
const officer = t.context({ ...user, roles: ["compliance"] }, { ...clock, db: t.as("console") });
/** The internet: whoever opens a public page. */
const visitor = t.context(systemActor("console"), { ...clock, db: t.as("console") });
const visit = { address: "203.0.113.9", userAgent: "Test browser", url: "https://wa.example.com/forms/olmo" };

let brandId = "";
let news = "";
let offers = "";
let newsText = "";
let newsTextEn = "";
let offersText = "";

async function published(ctx: Context, purposeId: string, [label, language, text]: [string, string, string]) {
  const base = { controller: "Olmo S. L.", privacyNoticeUrl: "https://example.com/p" };
  return (await publishWordingVersion(ctx, { purposeId, label, language, text, ...base })).wordingVersionId;
}

beforeAll(async () => {
  const owner = t.context(systemActor("terminal"), clock);
  brandId = (await createBrand(owner, { name: "Olmo", controller: "Olmo S. L." })).brandId;
  const purpose = { brandId, category: "MARKETING" } as const;
  news = (await createPurpose(owner, { ...purpose, key: "news", name: "Novedades" })).purposeId;
  offers = (await createPurpose(owner, { ...purpose, key: "offers", name: "Ofertas", doubleOptIn: true })).purposeId;
  newsText = await published(officer, news, ["v1", "es", "Acepto las novedades."]);
  newsTextEn = await published(officer, news, ["v1", "en", "I agree to news."]);
  offersText = await published(officer, offers, ["v1", "es", "Acepto las ofertas."]);
  const { formId } = await createOptInForm(officer, { purposeId: news, name: "Tienda", slug: "olmo" });
  await addFormTag(officer, { formId, tag: "tienda-goya", label: "Tienda de Goya" });
  await createOptInForm(officer, { purposeId: offers, name: "Ofertas", slug: "olmo-ofertas" });
});

const answer = (given: Partial<OptInAnswer>): OptInAnswer => ({
  slug: "olmo",
  tag: undefined,
  language: "es",
  wordingVersionId: newsText,
  phone: "600 20 00 01",
  agreed: true,
  submission: newId(),
  visit,
  ...given,
});

async function contactOf(ending: string): Promise<string> {
  const rows = await t.db.execute<{ id: string }>(sql`
    select distinct event.contact_id as id from consent_events as event where event.idempotency_key like ${`%${ending}%`}`);
  return rows[0]?.id ?? "";
}

test("an answer is an act of the person, with the text, the empty box and the visit as sealed proof", async () => {
  const given = answer({ tag: "tienda-goya" });
  expect(await answerOptInForm(visitor, given)).toEqual({ kind: "recorded", status: "granted", doubleOptIn: false });
  const { events, states } = await getConsentTimeline(officer, { contactId: await contactOf(given.submission) });
  const wording = (await getOptInForm(visitor, { slug: "olmo", language: "es" })).wording;
  expect(events).toMatchObject([
    {
      type: "granted",
      source: "web_form",
      sourceClass: "A",
      isComplete: true,
      actorKind: "contact",
      wordingVersionId: newsText,
      evidence: {
        ip: "203.0.113.9",
        userAgent: "Test browser",
        formUrl: "https://wa.example.com/forms/olmo",
        sourceTag: "tienda-goya",
        checkbox: "unticked",
        wordingSha256: wording?.textSha256,
      },
    },
  ]);
  expect(states.find(({ purposeId }) => purposeId === news)?.status).toBe("granted");
  const [count] = await t.db.execute<{ count: number }>(sql`
    select count(*)::int as count from opt_in_answers where tag = 'tienda-goya'`);
  expect(count?.count).toBe(1);
  const [row] = await t.db.execute<{ sealed: Buffer }>(
    sql`select evidence_sealed as sealed from consent_events limit 1`,
  );
  expect(row?.sealed.includes("203.0.113.9")).toBe(false);
});

test("the same answer sent twice is one answer", async () => {
  const given = answer({ phone: "+34 600 200 002" });
  await answerOptInForm(visitor, given);
  await answerOptInForm(visitor, given);
  const contactId = await contactOf(given.submission);
  expect((await getConsentTimeline(officer, { contactId })).events).toHaveLength(1);
});

test("a wrong number, an empty box or a text that is no longer in force records nothing", async () => {
  const refused = await answerOptInForm(visitor, answer({ phone: "600", agreed: false, wordingVersionId: newsTextEn }));
  expect(refused).toEqual({ kind: "refused", problems: ["phone", "agree", "wording"] });
  const [before] = await t.db.execute(sql`select count(*) as count from consent_events`);
  await answerOptInForm(visitor, answer({ agreed: false }));
  expect((await t.db.execute(sql`select count(*) as count from consent_events`))[0]).toEqual(before);
});

test("a purpose that asks for a confirmation gets a request, which nothing but the person's yes turns into a consent", async () => {
  const given = answer({ slug: "olmo-ofertas", wordingVersionId: offersText, phone: "600 20 00 03" });
  expect(await answerOptInForm(visitor, given)).toEqual({ kind: "recorded", status: "pending", doubleOptIn: true });
  const contactId = await contactOf(given.submission);
  const token = preferenceToken(t.secrets.linkKey, { contactId, brandId });
  const confirm = { kind: "agree", purposeId: offers, wordingVersionId: offersText } as const;
  const change = { token, choice: confirm, language: "es", submission: newId(), visit };
  now = new Date(now.getTime() + 60_000);
  expect(await changePreferences(visitor, change)).toBe("agreed");
  const { events, states } = await getConsentTimeline(officer, { contactId });
  expect(events.map(({ type }) => type)).toEqual(["confirmed", "requested"]);
  expect(states.find(({ purposeId }) => purposeId === offers)?.status).toBe("granted");
});

test("a number typed into a form does not undo the no of whoever has it: they are asked", async () => {
  const first = answer({ phone: "600 20 00 44" });
  await answerOptInForm(visitor, first);
  const contactId = await contactOf(first.submission);
  const token = preferenceToken(t.secrets.linkKey, { contactId, brandId });
  now = new Date(now.getTime() + 60_000);
  await changePreferences(visitor, { token, choice: { kind: "stop_all" }, language: "es", submission: newId(), visit });
  now = new Date(now.getTime() + 60_000);
  const again = answer({ phone: "600 20 00 44" });
  expect(await answerOptInForm(visitor, again)).toEqual({ kind: "recorded", status: "pending", doubleOptIn: true });
  const [block] = await t.db.execute<{ open: boolean }>(sql`
    select lifted_at is null as open from contact_suppressions where contact_id = ${contactId} and kind = 'withdrawn'`);
  expect(block?.open).toBe(true);
});

test("a closed form and one that never was answer nobody", async () => {
  const { formId } = await createOptInForm(officer, { purposeId: news, name: "Feria", slug: "feria" });
  await setOptInFormOpen(officer, { formId, isOpen: false });
  for (const slug of ["feria", "nobody", "../olmo"])
    await expect(answerOptInForm(visitor, answer({ slug }))).rejects.toMatchObject({ code: "not_found" });
});

test("two forms never share an address, and a stranger to forms makes none", async () => {
  const form = { purposeId: news, name: "Otra", slug: "olmo" };
  await expect(createOptInForm(officer, form)).rejects.toMatchObject({ code: "form_address_taken" });
  const approver = t.context({ ...user, roles: ["approver"] }, { ...clock, db: t.as("console") });
  await expect(createOptInForm(approver, { ...form, slug: "x-1" })).rejects.toMatchObject({ code: "forbidden" });
});

async function signedUp(phone: string): Promise<{ contactId: string; token: string }> {
  const given = answer({ phone });
  await answerOptInForm(visitor, given);
  const contactId = await contactOf(given.submission);
  return { contactId, token: preferenceToken(t.secrets.linkKey, { contactId, brandId }) };
}

const choose = (token: string, choice: PreferenceChoice, submission = newId()) => {
  now = new Date(now.getTime() + 60_000);
  return changePreferences(visitor, { token, choice, language: "es", submission, visit });
};

test("one click ends everything: every purpose, and the block that outlives the contact", async () => {
  const { contactId, token } = await signedUp("600 20 00 04");
  expect(await choose(token, { kind: "stop_all" })).toBe("stopped_all");
  const { states, blocks, events } = await getConsentTimeline(officer, { contactId });
  expect(states.map(({ status }) => status)).toEqual(["withdrawn", "withdrawn"]);
  expect(blocks).toMatchObject([{ kind: "withdrawn", liftedAt: null }]);
  expect(events[0]).toMatchObject({ type: "withdrawn", scope: "all", source: "web_form", actorKind: "contact" });
});

test("stopping one purpose leaves the others, and agreeing again lifts the block", async () => {
  const { contactId, token } = await signedUp("600 20 00 05");
  expect(await choose(token, { kind: "stop", purposeId: news })).toBe("stopped");
  expect((await getConsentTimeline(officer, { contactId })).blocks).toEqual([]);
  await choose(token, { kind: "stop_all" });
  expect(await choose(token, { kind: "agree", purposeId: news, wordingVersionId: newsText })).toBe("agreed");
  const { states, blocks } = await getConsentTimeline(officer, { contactId });
  expect(states.find(({ purposeId }) => purposeId === news)?.status).toBe("granted");
  expect(blocks[0]?.liftedAt).not.toBeNull();
  const lifts = await t.db.execute(sql`
    select count(*)::int as n from log_entries where lane = lane_of(${contactId}::uuid) and type = 'suppression.lifted'
      and convert_from(leaf, 'UTF8')::jsonb ->> 'subj' = ${contactId}`);
  expect(lifts).toEqual([{ n: 1 }]);
});

test("agreeing to a text that was replaced meanwhile is asked again", async () => {
  const { token } = await signedUp("600 20 00 06");
  expect(await choose(token, { kind: "agree", purposeId: news, wordingVersionId: newsTextEn })).toBe("wording_changed");
});

test("the page shows the end of the number and nothing else of the person; a look is noted once a day", async () => {
  const { contactId, token } = await signedUp("600 20 00 07");
  const view = await getPreferences(visitor, { token, language: "en" });
  expect(view).toMatchObject({ brandName: "Olmo", phone: "+34 ••• ••• 007" });
  expect(view.purposes.map(({ wording }) => wording?.id)).toEqual([newsTextEn, offersText]);
  for (let i = 0; i < 3; i++) await notePreferenceRead(visitor, view);
  const { events } = await getConsentTimeline(officer, { contactId });
  expect(events.map(({ type }) => type)).toEqual(["preference_read", "granted"]);
});

test("whoever was erased, and whoever makes up a link, sees nothing", async () => {
  const { contactId, token } = await signedUp("600 20 00 08");
  await t.db.execute(sql`update contacts set erased_at = now() where id = ${contactId}`);
  const made = preferenceToken(Buffer.alloc(32, 1), { contactId, brandId });
  for (const one of [token, made, "x"]) {
    await expect(getPreferences(visitor, { token: one, language: "es" })).rejects.toMatchObject({ code: "not_found" });
    await expect(choose(one, { kind: "stop_all" })).rejects.toMatchObject({ code: "not_found" });
  }
});
