import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { testDatabase } from "@/db/testing/database";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { readPreferenceToken } from "@/lib/consent/preference-link";
import { laneOf, newId } from "@/lib/foundation/ids";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { verifyGrounds } from "@/lib/reporting/queries/verify-grounds";
import { askConsent } from "@/lib/sending/commands/ask-consent";
import { type ClaimedMessage, claimMessages } from "@/lib/sending/commands/claim-messages";
import { confirmOptOut } from "@/lib/sending/commands/confirm-opt-out";
import { recordOutcomes } from "@/lib/sending/commands/record-outcomes";
import { replyToPerson } from "@/lib/sending/commands/reply-to-person";
import { sendPreferenceLink } from "@/lib/sending/commands/send-preference-link";
import { getBooks } from "@/lib/sending/queries/get-books";
import { listDueLanes } from "@/lib/sending/queries/list-due-lanes";
import { listSentMessages } from "@/lib/sending/queries/list-sent-messages";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";

// It is Tuesday 1 December 2026, 09:05 in UTC, and stands still. The campaign does not send: what leaves is to one person.

const Text = z.object({ request: z.object({ text: z.object({ body: z.string() }) }) });

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
let contactId = "";
let people: string[] = [];
const worker = () => campaign.world.worker;
const marketer = () => campaign.world.people.lucia;
const numberId = () => campaign.world.ids.numberId;

beforeAll(async () => {
  campaign = await queuedCampaign(t, 60);
  people = [...campaign.contactIds];
  await t.db.execute(sql`update campaigns set status = 'paused'`);
});

beforeEach(async () => {
  contactId = people.pop() ?? "";
  await t.db.execute(sql`update send_attempts set start_before = start_before - interval '1 minute'`);
});

/** What the person wrote to our number, so long ago. */
async function wrote({ hoursAgo = 1, wamid = newId(), classification = "other" } = {}): Promise<string> {
  const id = newId();
  await t.db.execute(sql`
    insert into inbound_messages (lane, id, contact_id, number_id, wamid, type, classification, provider_at, received_at)
    values (lane_of(${contactId}), ${id}, ${contactId}, ${numberId()}, ${wamid}, 'text', ${classification},
      app_now() - make_interval(hours => ${hoursAgo}), app_now() - make_interval(hours => ${hoursAgo}))`);
  return id;
}

async function claim(): Promise<ClaimedMessage[]> {
  const { messages } = await claimMessages(worker(), {
    lane: laneOf(contactId),
    numberId: numberId(),
    limit: 100,
    workerId: newId(),
  });
  return messages.filter((message) => message.contactId === contactId);
}

async function row() {
  const [found] = await t.db.execute<{
    state: string;
    reason: string | null;
    basis: string | null;
    ground: string | null;
    passed: number | null;
    skipped: number | null;
  }>(sql`
    select m.state, m.reason, a.basis, a.basis_event_id as ground, a.checks as passed, a.not_evaluated as skipped
    from messages m left join send_attempts a on a.lane = m.lane and a.id = m.attempt_id
    where m.lane = lane_of(${contactId}) and m.contact_id = ${contactId} and m.campaign_id is null
    order by m.planned_at desc, m.id desc limit 1`);
  return found;
}

const bits = (...checks: number[]) => checks.reduce((mask, check) => mask | (1 << (check - 1)), 0);
const without = (...checks: number[]) => 0b111111111111 & ~bits(...checks);
const reply = (text = "Claro, te lo guardamos.") =>
  replyToPerson(marketer(), { contactId, numberId: numberId(), text });

describe("service", () => {
  test("an answer within a day of the person's message needs no consent, and names that message", async () => {
    const inbound = await wrote({ wamid: "wamid.hello" });
    const planned = await replyToPerson(marketer(), {
      contactId,
      numberId: numberId(),
      text: "Abrimos a las diez.",
      replyToWamid: "wamid.hello",
    });
    expect(planned.kind).toBe("planned");
    expect(await listDueLanes(worker())).toEqual([{ numberId: numberId(), lanes: [laneOf(contactId)] }]);
    const [sent] = await claim();
    expect(sent?.composed).toMatchObject({
      kind: "ready",
      request: { type: "text", text: { body: "Abrimos a las diez." }, context: { message_id: "wamid.hello" } },
    });
    const skipped = bits(2, 3, 5, 8, 9, 12);
    expect(await row()).toMatchObject({ state: "sending", basis: "service", ground: inbound, skipped });
    expect((await row())?.passed).toBe(without(2, 3, 5, 8, 9, 12));
  });

  test("its outcome, its place in the log and the campaign's books are as those of every message", async () => {
    await wrote();
    await reply();
    const [sent] = await claim();
    const outcome = { kind: "accepted", wamid: "wamid.reply", code: null, reason: null, retryAfterMs: null } as const;
    await recordOutcomes(worker(), laneOf(contactId), [{ attemptId: sent?.attemptId ?? "", contactId, ...outcome }]);
    expect(await row()).toMatchObject({ state: "accepted" });
    const { attempts, withoutGround } = await verifyGrounds(campaign.world.people.iria);
    expect({ attempts: attempts > 0, withoutGround }).toEqual({ attempts: true, withoutGround: 0 });
    const { campaignId } = campaign;
    expect(await getBooks(worker(), { campaignId })).toMatchObject({ recipients: 60, isClosed: true });
  });

  test("an attempt whose ground was changed afterwards is told", async () => {
    await wrote();
    await reply();
    const [sent] = await claim();
    const mine = { message: { lane: laneOf(contactId), id: sent?.messageId ?? "" } };
    await t.db.execute(sql`update send_attempts set basis_event_id = gen_random_uuid() where id = ${sent?.attemptId}`);
    const { exceptions } = await verifyGrounds(campaign.world.people.iria, mine);
    expect(exceptions.map(({ exception }) => exception)).toEqual(["attempt_altered"]);
    await t.db.execute(sql`delete from send_attempts where id = ${sent?.attemptId}`);
  });

  test.each([
    ["wrote longer ago than a day", { hoursAgo: 25 }],
    ["never wrote, but WhatsApp told something of them", { classification: "system" }],
  ])("who %s cannot be answered", async (_name, what) => {
    await wrote(what);
    expect(await reply()).toEqual({ kind: "window_closed" });
  });

  test("a window that closes while the answer waits is closed", async () => {
    await wrote();
    await reply();
    await t.db.execute(sql`
      update inbound_messages set provider_at = provider_at - interval '24 hours' where contact_id = ${contactId}`);
    expect(await claim()).toEqual([]);
    expect(await row()).toMatchObject({ state: "skipped", reason: "window_closed", basis: null });
  });

  test("an answer is no way around a consent: a marketing template does not leave as one", async () => {
    await wrote();
    await reply();
    await t.db.execute(sql`
      update messages set template_id = ${campaign.world.templateIds.a} where contact_id = ${contactId} and kind = 'reply'`);
    await claim();
    expect(await row()).toMatchObject({ state: "skipped", reason: "template_marketing" });
  });

  test.each([
    ["restricted", sql`restricted_at = now()`],
    ["erased", sql`erased_at = now()`],
  ])("who is %s meanwhile is not answered", async (reason, change) => {
    await wrote();
    await reply();
    await t.db.execute(sql`update contacts set ${change} where id = ${contactId}`);
    await claim();
    expect(await row()).toMatchObject({ state: "skipped", reason });
  });

  test("a block of everything holds for answers too; one of marketing does not", async () => {
    const block = async (scope: string) =>
      t.db.execute(sql`
        insert into contact_suppressions (lane, contact_id, kind, scope, since)
        values (lane_of(${contactId}), ${contactId}, 'legal', ${scope}, now())
        on conflict (lane, contact_id, kind) do update set scope = excluded.scope`);
    await wrote();
    await block("all");
    await reply();
    await claim();
    expect(await row()).toMatchObject({ state: "skipped", reason: "suppressed_legal" });
    await block("all_marketing");
    await reply();
    expect(await claim()).toHaveLength(1);
  });

  test("a kill switch holds answers back and loses none", async () => {
    await wrote();
    await reply();
    await engageKillSwitch(worker(), { level: "number", targetId: numberId(), reason: "test" });
    expect(await claim()).toEqual([]);
    expect(await row()).toMatchObject({ state: "queued" });
    await t.db.execute(sql`delete from kill_switches`);
    expect(await claim()).toHaveLength(1);
  });

  test("only who may answer people does", async () => {
    await expect(
      replyToPerson(campaign.world.people.noa, { contactId, numberId: numberId(), text: "Hola" }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("preference link", () => {
  const pagesUrl = "https://wa.example.com";
  const send = () => sendPreferenceLink(marketer(), { contactId, numberId: numberId(), pagesUrl });

  test("who wrote gets the link to their own page and receipts, once a day, and whoever sent it never reads it", async () => {
    await wrote();
    expect(await send()).toMatchObject({ kind: "planned" });
    expect(await send()).toEqual({ kind: "already" });
    const [sent] = await claim();
    const { body } = Text.parse(sent?.composed).request.text;
    const token = body.split("https://wa.example.com/preferences/")[1] ?? "";
    expect(readPreferenceToken(t.secrets.linkKey, token)).toMatchObject({ contactId });
    expect(body).toMatch(/^Aquí puedes ver y cambiar qué recibes de Olmo, y descargar tus justificantes: https:/);
    expect((await row())?.basis).toBe("service");
    const shown = (await listSentMessages(marketer(), [contactId], { isMasked: true })).map(({ text }) => text?.body);
    expect(shown).toContainEqual(expect.stringMatching(/^Aquí puedes ver .*\/preferences\/•••$/));
    expect(JSON.stringify(shown)).not.toContain(token);
  });

  test("two clicks at once send one; outside the window none leaves", async () => {
    expect(await send()).toEqual({ kind: "window_closed" });
    await wrote();
    const kinds = (await Promise.all([send(), send()])).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(["already", "planned"]);
  });
});

describe("opt-out confirmation", () => {
  const stop = () =>
    withdrawConsent(worker(), {
      withdrawals: [
        { contactId, occurredAt: worker().now(), source: "keyword_in", idempotencyKey: `stop ${contactId}` },
      ],
    });
  const confirm = () => confirmOptOut(worker(), { contactId, numberId: numberId() });

  test("who opted out is told once, in spite of every block, in their language and without a word of marketing", async () => {
    await wrote({ classification: "opt_out" });
    await stop();
    await t.db.execute(sql`update contact_suppressions set scope = 'all' where contact_id = ${contactId}`);
    expect(await confirm()).toMatchObject({ kind: "planned" });
    expect(await confirm()).toEqual({ kind: "already" });
    const [sent] = await claim();
    expect(sent?.composed).toMatchObject({
      request: { text: { body: "Hecho: no recibirás más mensajes comerciales de Olmo por WhatsApp." } },
    });
    expect((await row())?.skipped).toBe(bits(2, 3, 5, 6, 8, 9));
    expect(await confirm()).toEqual({ kind: "already" });
  });

  test("outside the window nothing is said", async () => {
    await stop();
    expect(await confirm()).toEqual({ kind: "window_closed" });
  });
});

describe("request", () => {
  const question = { text: "Hola {{1}}, ¿confirmas?", example: { body_text: [["Ana"]] } };
  const buttons = ["Sí", "No"].map((text) => ({ type: "QUICK_REPLY", text }));
  let templateId = "";
  let purposeId = "";
  beforeAll(async () => {
    templateId = newId();
    purposeId = newId();
    const components = [
      { type: "BODY", ...question },
      { type: "BUTTONS", buttons },
    ];
    await t.db.execute(sql`
      insert into templates (id, number_id, waba_id, meta_id, name, language, category, status, components, components_sha256,
        created_at, updated_at)
      values (${templateId}, ${numberId()}, '900000000000001', '7', 'confirma', 'es', 'UTILITY', 'APPROVED',
        ${JSON.stringify(components)}::jsonb, ${Buffer.alloc(32)}, now(), now())`);
    await t.db.execute(sql`
      insert into purposes (id, brand_id, key, name, category, double_opt_in, created_at)
      values (${purposeId}, ${campaign.world.ids.brandId}, 'club', 'Club', 'MARKETING', true, now())`);
  });
  const event = (type: "requested" | "confirmed" | "denied", over = {}) =>
    recordConsentEvents(worker(), {
      events: [
        {
          contactId,
          type,
          purposeId,
          scope: "purpose",
          source: type === "requested" ? "web_form" : "whatsapp_button",
          occurredAt: worker().now(),
          isComplete: true,
          idempotencyKey: `${type} ${newId()}`,
          ...over,
        },
      ],
    });
  const ask = () => askConsent(worker(), { contactId, purposeId, templateId, numberId: numberId() });

  test("who asked for it is asked once whether they mean it, with both answers at hand", async () => {
    const { recorded } = await event("requested");
    expect(await ask()).toMatchObject({ kind: "planned" });
    expect(await ask()).toEqual({ kind: "already" });
    const [sent] = await claim();
    expect(sent?.composed).toMatchObject({
      request: {
        template: {
          name: "confirma",
          components: [
            { type: "body", parameters: [{ text: "Ana" }] },
            { sub_type: "quick_reply", index: "0", parameters: [{ payload: `CONFIRM:${purposeId}` }] },
            { sub_type: "quick_reply", index: "1", parameters: [{ payload: `REFUSE:${purposeId}` }] },
          ],
        },
      },
    });
    const ground = [...recorded.values()][0];
    expect(await row()).toMatchObject({ state: "sending", basis: "request", ground, skipped: bits(2) });
    expect(await ask()).toEqual({ kind: "already" });
    expect((await verifyGrounds(campaign.world.people.iria)).withoutGround).toBe(0);
  });

  test("nobody is asked who asked for nothing, or who has answered already", async () => {
    expect(await ask()).toEqual({ kind: "not_pending" });
    await event("requested");
    await ask();
    await event("denied");
    await claim();
    expect(await row()).toMatchObject({ state: "skipped", reason: "not_pending" });
  });

  test("a refusal of before does not keep from asking who asks anew by themselves, and a block by others does", async () => {
    await withdrawConsent(worker(), {
      withdrawals: [
        {
          contactId,
          occurredAt: new Date(worker().now().getTime() - 3_600_000),
          source: "keyword_in",
          idempotencyKey: `before ${contactId}`,
        },
      ],
    });
    await event("requested");
    await ask();
    expect(await claim()).toHaveLength(1);
    contactId = people.pop() ?? "";
    await event("requested");
    await ask();
    await t.db.execute(sql`
      insert into contact_suppressions (lane, contact_id, kind, scope, since)
      values (lane_of(${contactId}), ${contactId}, 'external_list', 'all_marketing', now() - interval '1 year')`);
    await claim();
    expect(await row()).toMatchObject({ state: "skipped", reason: "suppressed_external_list" });
  });

  test("quiet hours hold for a question", async () => {
    await event("requested");
    await ask();
    await t.db.execute(sql`update policy_windows set opens = '12:00'`);
    await claim();
    expect(await row()).toMatchObject({ state: "queued", reason: "quiet_hours" });
    await t.db.execute(sql`update policy_windows set opens = '00:00'`);
  });
});

test("nothing but the function brings a message to one person in, and it takes none of a campaign", async () => {
  for (const role of ["worker", "console", "ingress"] as const)
    await expect(t.as(role).execute(sql`insert into messages select * from messages limit 0`)).rejects.toMatchObject({
      cause: { code: "42501" },
    });
  await expect(
    t.as("console").execute(sql`
      select plan_direct_message(lane_of(${contactId}), ${newId()}, ${contactId}, ${numberId()}, 'campaign', null, null, null)`),
  ).rejects.toMatchObject({ cause: { code: "CT004" } });
});
