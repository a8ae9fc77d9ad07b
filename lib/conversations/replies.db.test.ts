import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import type { Context } from "@/lib/identity/context";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { parseWebhook } from "@/lib/whatsapp/webhooks";
import { correctClass } from "./commands/correct-class";
import { markSeen } from "./commands/mark-seen";
import { recordInbound } from "./commands/record-inbound";
import { replayRules } from "./commands/replay-rules";
import { saveReplyRules } from "./commands/save-reply-rules";
import { setHandled } from "./commands/set-handled";
import { REPLIES_UNREAD } from "./inbound";
import { countReplies, countUnreadReplies } from "./queries/count-replies";
import { getConversation } from "./queries/get-conversation";
import { getReplyRules } from "./queries/get-reply-rules";
import { listReplies } from "./queries/list-replies";
import { shippedReplyRules } from "./reply-class";

const t = await testDatabase();
afterAll(() => t.close());
let campaign: SentCampaign;
let lucia: Context;
let people: { id: string; contactId: string; digits: string }[];

beforeAll(async () => {
  campaign = await sentCampaign(t, 12);
  lucia = campaign.world.people.lucia;
  const rows = await t.db.execute<{ id: string; contact_id: string }>(sql`
    select id, contact_id from messages where state = 'delivered' order by contact_id`);
  people = rows.map(({ id, contact_id: contactId }) => ({
    id,
    contactId,
    digits: `34600${100_000 + campaign.contactIds.indexOf(contactId)}`,
  }));
});

let number = 0;
/** What somebody writes, in the order of writing. Answers who they are and the message of ours that they got. */
async function writes(nth: number, body: string) {
  number += 1;
  const person = people[nth];
  if (!person) throw new Error("too few people");
  const timestamp = String(campaign.world.worker.now().getTime() / 1000 + number);
  const message = { id: `wamid.reply.${number}`, timestamp, from: person.digits, type: "text", text: { body } };
  const value = { metadata: { phone_number_id: "800000000000001" }, messages: [message] };
  const parsed = parseWebhook(
    JSON.stringify({ entry: [{ id: "900000000000001", changes: [{ field: "messages", value }] }] }),
  );
  const items = parsed.kind === "items" ? parsed.items.filter((item) => item.kind === "message") : [];
  await recordInbound(campaign.world.worker, items);
  const { replies } = await listReplies(lucia, { filter: { state: "all" } });
  const reply = replies.find(({ text }) => text === body);
  if (!reply) throw new Error("not kept");
  return { ...person, reply };
}

async function engagement(messageId: string) {
  const [row] = await t.db.execute<{ replied: boolean; out: boolean }>(sql`
    select replied_at is not null as replied, opted_out_at is not null as out from messages where id = ${messageId}`);
  return row;
}

const notice = () => t.db.execute(sql`select 1 from notices where key = ${REPLIES_UNREAD} and resolved_at is null`);

test("an answer to a campaign is told until it was read, and its text is shown beside a masked number", async () => {
  const { reply, contactId } = await writes(0, "¿Lo tenéis en azul?");
  expect(reply).toMatchObject({
    replyClass: "question",
    isUnread: true,
    campaign: { id: campaign.campaignId, name: "Adelanto de Navidad" },
    handledAt: null,
  });
  expect(reply.phone).toMatch(/•/);
  expect([await countUnreadReplies(lucia), (await notice()).length]).toEqual([1, 1]);
  await markSeen(lucia, { contactId });
  expect([await countUnreadReplies(lucia), (await notice()).length]).toEqual([0, 0]);
  expect((await countReplies(lucia)).open).toBe(1);
});

test("what a machine answers and what refuses waits for nobody and is no engagement", async () => {
  const machine = await writes(1, "Respuesta automática: estamos cerrados");
  const refusal = await writes(2, "BAJA");
  expect([machine.reply.replyClass, refusal.reply.replyClass]).toEqual(["automatic", "opt_out"]);
  expect([machine.reply.isUnread, refusal.reply.isUnread]).toEqual([false, false]);
  expect(await engagement(machine.id)).toEqual({ replied: false, out: false });
  expect(await engagement(refusal.id)).toEqual({ replied: false, out: true });
  expect(await countUnreadReplies(lucia)).toBe(0);
});

test("unread answers come first, and every answer is on exactly one page", async () => {
  for (const nth of [3, 4, 5]) await writes(nth, `Llego a las ${nth}`);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listReplies(lucia, { filter: { state: "open" }, cursor, limit: 1 });
    seen.push(...page.replies.map(({ text }) => text ?? ""));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual(["Llego a las 5", "Llego a las 4", "Llego a las 3", "¿Lo tenéis en azul?"]);
  const questions = await listReplies(lucia, { filter: { state: "open", replyClass: "question" } });
  expect(questions.replies.map(({ text }) => text)).toEqual(["¿Lo tenéis en azul?"]);
  const handled = await listReplies(lucia, {
    filter: { state: "handled", campaignId: campaign.campaignId },
    limit: 10,
  });
  expect(handled.replies.map(({ replyClass }) => replyClass)).toEqual(["opt_out", "automatic"]);
});

test("handled and open again, each logged once", async () => {
  const [{ contactId } = { contactId: "" }] = people.slice(3);
  expect(await setHandled(lucia, { contactId, isHandled: true })).toEqual({ changed: 1 });
  expect(await setHandled(lucia, { contactId, isHandled: true })).toEqual({ changed: 0 });
  const view = await getConversation(lucia, { contactId });
  expect(view.items.find(({ kind }) => kind === "in")).toMatchObject({ handledBy: "Lucía Marín", isUnread: false });
  expect(await setHandled(lucia, { contactId, isHandled: false })).toEqual({ changed: 1 });
  const rows = await t.db.execute<{ type: string }>(sql`
    select type from audit_events where subject = ${contactId} and type like 'reply.%' order by at, type`);
  expect(rows.map(({ type }) => type).sort()).toEqual(["reply.handled", "reply.reopened"]);
});

test("a conversation shows where the person stands and until when they may be answered, and not what is theirs", async () => {
  const [{ contactId } = { contactId: "" }] = people;
  const view = await getConversation(lucia, { contactId });
  expect(view).toMatchObject({ name: "A. P. G.", consents: [{ purpose: "Novedades", status: "granted" }], blocks: [] });
  expect(view.windows).toMatchObject([{ number: "Olmo", isOpen: true }]);
  const ours = view.items.find(({ kind }) => kind === "out");
  expect(ours).toMatchObject({
    campaignName: "Adelanto de Navidad",
    text: { body: "Hola •••, empiezan las rebajas." },
  });
  await campaign.setTime("2026-12-02T10:05:00.000Z");
  expect((await getConversation(lucia, { contactId })).windows).toMatchObject([{ isOpen: false }]);
  await campaign.setTime("2026-12-01T09:05:00.000Z");
});

test("new rules sort everything again and count it again, and a person's word is kept", async () => {
  const by = await writes(6, "Ping desde el trabajo");
  const person = await writes(7, "Ping desde casa");
  expect(await engagement(by.id)).toEqual({ replied: true, out: false });
  await correctClass(lucia, { contactId: person.contactId, inboundId: person.reply.id, replyClass: "positive" });
  const { number: basedOn } = await getReplyRules(lucia);
  const rules = { ...shippedReplyRules, automatic: ["ping"] };
  await saveReplyRules(lucia, { basedOn, rules });
  await expect(saveReplyRules(lucia, { basedOn, rules })).rejects.toMatchObject({ code: "conflict" });
  expect((await getReplyRules(lucia)).waiting).toBeGreaterThan(0);
  const jobs = await t.db.execute(sql`
    select 1 from graphile_worker.jobs where task_identifier = 'conversations.replay_rules'`);
  expect(jobs).toHaveLength(1);
  expect(await replayRules(campaign.world.worker)).toMatchObject({ changed: 2 }); // ours said something else too
  expect(await replayRules(campaign.world.worker)).toEqual({ read: 0, changed: 0 });
  expect(await getReplyRules(lucia)).toMatchObject({ number: 2, waiting: 0, corrected: 1, savedBy: "Lucía Marín" });
  const { replies } = await listReplies(lucia, { filter: { state: "all" } });
  const classOf = (id: string) => replies.find((reply) => reply.id === id)?.replyClass;
  expect([classOf(by.reply.id), classOf(person.reply.id)]).toEqual(["automatic", "positive"]);
  expect(await engagement(by.id)).toEqual({ replied: false, out: false });
  expect(await engagement(person.id)).toEqual({ replied: true, out: false });
});

test("whoever reads a refusal takes it out of engagement and rests marketing until an officer has decided", async () => {
  const { id, contactId, reply } = await writes(4, "Ya os he dicho que paso");
  await correctClass(lucia, { contactId, inboundId: reply.id, replyClass: "opt_out" });
  expect(await engagement(id)).toMatchObject({ out: true });
  expect((await getConversation(lucia, { contactId })).blocks).toEqual(["review"]);
});

test("who may not answer people sees nothing of what they wrote", async () => {
  const { noa } = campaign.world.people; // approves
  const [{ contactId } = { contactId: "" }] = people;
  const refused = { code: "forbidden" };
  await expect(listReplies(noa, { filter: { state: "all" } })).rejects.toMatchObject(refused);
  await expect(getConversation(noa, { contactId })).rejects.toMatchObject(refused);
  await expect(countUnreadReplies(noa)).rejects.toMatchObject(refused);
  await expect(setHandled(noa, { contactId, isHandled: true })).rejects.toMatchObject(refused);
  await expect(correctClass(noa, { contactId, inboundId: contactId, replyClass: "other" })).rejects.toMatchObject(
    refused,
  );
  await expect(saveReplyRules(noa, { basedOn: 1, rules: shippedReplyRules })).rejects.toMatchObject(refused);
});
