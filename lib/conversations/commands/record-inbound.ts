import { currentContacts } from "@/lib/audience/queries/current-contacts";
import { followNumberChange, followUserIdChange } from "@/lib/consent/commands/follow-identity-change";
import { learnIdentities } from "@/lib/consent/commands/learn-identities";
import { recogniseContacts } from "@/lib/consent/commands/recognise-contacts";
import { settleIdentities } from "@/lib/consent/commands/settle-identities";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { seal } from "@/lib/keystore/cipher";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { recordEngagement } from "@/lib/sending/commands/record-delivery-statuses";
import { findLatestMessages, findMessagesByWamid } from "@/lib/sending/queries/find-messages";
import {
  bodyPlace,
  classify,
  detailsOf,
  detailsPlace,
  type InboundItem,
  isAnswer,
  REPLIES_UNREAD,
  sharedNumber,
} from "../inbound";
import { fetchMediaJob } from "../jobs";
import { classifyReply } from "../reply-class";
import {
  type Answered,
  type InboundRow,
  insertInbound,
  knownWamids,
  markOriginals,
  noteMedia,
  rulesInForce,
} from "../store";

/** How long after our message an answer without a quote still counts as one to it. */
const ANSWER_MS = 7 * 86_400_000;

/**
 * Keeps what people sent, once per wamid, sealed under their key; follows what WhatsApp tells about who they are; and notes on
 * the message they answered that a reply came. A refusal is never counted as a reply (ux 3.1). Refusals themselves took effect
 * on arrival (intake).
 *
 * @throws when a message names nobody at all: it cannot be anybody's
 */
export async function recordInbound(ctx: Context, items: readonly InboundItem[]): Promise<void> {
  authorize(ctx, "job.run");
  if (items.length === 0) return;
  await transaction(ctx, async (tx) => {
    const senders = await sendersOf(tx, items);
    const answered = await answeredBy(tx, senders);
    const keys = await tx.keys.keysOf(senders.map(({ contactId }) => contactId));
    const { rules, number: rulesNumber } = await rulesInForce(tx.db);
    const rows = senders.flatMap(({ item, contactId }): InboundRow[] => {
      const key = keys.get(contactId);
      if (!key) return []; // erased meanwhile: nothing of theirs is kept
      const id = newId();
      const details = detailsOf(item);
      const classification = classify(item);
      return [
        {
          id,
          item,
          contactId,
          classification,
          replyClass: classifyReply({ classification, text: item.text, payload: item.payload }, rules),
          rulesNumber,
          answers: answered.get(item),
          bodySealed: item.text === undefined ? null : seal(key, item.text, bodyPlace(id)),
          detailsSealed: details ? seal(key, JSON.stringify(details), detailsPlace(id)) : null,
        },
      ];
    });
    await insertInbound(tx, rows);
    if (await noteMedia(tx, rows)) await enqueue(tx.db, fetchMediaJob, {}, { key: "inbound media" });
    await tellOfAnswers(tx, rows);
    await markOriginals(tx, [...new Set(rows.map(({ contactId }) => contactId))]);
    await noteEngagement(tx, rows);
  });
}

interface Sender {
  item: InboundItem;
  contactId: string;
}

/** Who sent each message, after everything that the messages tell about who people are. */
async function sendersOf(tx: Context, items: readonly InboundItem[]): Promise<Sender[]> {
  const people = await recogniseContacts(tx, items);
  const quoted = await findMessagesByWamid(
    tx,
    items.flatMap(({ contextWamid }) => contextWamid ?? []),
  );
  const senders = items.map((item, i): Sender => {
    const contactId = people[i]?.contactId ?? quoted.get(item.contextWamid ?? "")?.contactId;
    if (!contactId) throw new Error("the message names nobody: no number, no user id, no message of ours");
    return { item, contactId };
  });
  // Whoever answers a message of ours is whom we wrote it.
  const known = people.flatMap((person, i) => {
    const to = quoted.get(items[i]?.contextWamid ?? "")?.contactId;
    if (!person) return [];
    return [{ ...person, others: to && to !== person.contactId ? [...person.others, to] : person.others }];
  });
  await settleIdentities(tx, known);
  await followChanges(tx, senders);
  const current = await currentContacts(tx, [...new Set(senders.map(({ contactId }) => contactId))]);
  return senders.flatMap(({ item, contactId }) => {
    const now = current.get(contactId);
    return now === undefined ? [] : [{ item, contactId: now }];
  });
}

/** What one message tells is followed once: when it comes again, a number that was given up may be somebody else's. */
async function followChanges(tx: Context, senders: readonly Sender[]): Promise<void> {
  const telling = senders.filter(
    ({ item: { content } }) =>
      content.type === "number_changed" || content.type === "user_id_changed" || sharedNumber(content),
  );
  if (telling.length === 0) return;
  const done = await knownWamids(
    tx,
    telling.map(({ item }) => item.wamid),
  );
  for (const { item, contactId: first } of telling) {
    if (done.has(item.wamid)) continue;
    done.add(item.wamid);
    const contactId = (await currentContacts(tx, [first])).get(first);
    if (contactId === undefined) continue;
    const { content } = item;
    if (content.type === "number_changed") await followNumberChange(tx, { contactId, to: content });
    else if (content.type === "user_id_changed")
      await followUserIdChange(tx, { contactId, to: { userId: content.userId } });
    else await learnIdentities(tx, [{ contactId, waId: sharedNumber(content) }]);
  }
}

/**
 * Which message of ours each one answers (cloud-api 10.3): the one it quotes or reacts to, else the last one that the person
 * got in the days before. A tap without a quote is attributed like a text.
 */
async function answeredBy(tx: Context, senders: readonly Sender[]): Promise<Map<InboundItem, Answered>> {
  const quoted = await findMessagesByWamid(
    tx,
    senders.flatMap(({ item }) => item.contextWamid ?? []),
  );
  const silent = senders.filter(({ item }) => !quoted.has(item.contextWamid ?? ""));
  const latest = await findLatestMessages(tx, {
    contactIds: [...new Set(silent.map(({ contactId }) => contactId))],
    since: new Date(tx.now().getTime() - ANSWER_MS),
  });
  return new Map(
    senders.flatMap(({ item, contactId }): [InboundItem, Answered][] => {
      const exact = quoted.get(item.contextWamid ?? "");
      if (exact) return [[item, { ...exact, by: item.content.type === "reaction" ? "reaction" : "quoted" }]];
      const message = latest.get(contactId);
      return message && (isAnswer(item) || classify(item) === "opt_out")
        ? [[item, { ...message, by: "inferred" }]]
        : [];
    }),
  );
}

/** Nobody's answer to a campaign comes unseen: what a person has to read is told, until all of it was. */
async function tellOfAnswers(tx: Context, rows: readonly InboundRow[]): Promise<void> {
  const isForPeople = ({ replyClass }: InboundRow) =>
    replyClass !== null && replyClass !== "opt_out" && replyClass !== "automatic";
  if (rows.some((row) => row.answers?.campaignId && isForPeople(row)))
    await raiseNotice(tx, { kind: "replies_unread", key: REPLIES_UNREAD, subject: { type: "replies" } });
}

async function noteEngagement(tx: Context, rows: readonly InboundRow[]): Promise<void> {
  const byLane = new Map<number, { messageId: string; kind: "reply" | "opt_out"; at: Date }[]>();
  for (const { answers, classification, replyClass, item } of rows) {
    const isRefusal = replyClass === "opt_out";
    const isSilent = classification === "review" || replyClass === "automatic";
    if (!answers || isSilent || (!isRefusal && !isAnswer(item))) continue;
    const noted = { messageId: answers.messageId, kind: isRefusal ? "opt_out" : "reply", at: item.at } as const;
    byLane.set(answers.lane, [...(byLane.get(answers.lane) ?? []), noted]);
  }
  for (const lane of [...byLane.keys()].sort((a, b) => a - b)) await recordEngagement(tx, lane, byLane.get(lane) ?? []);
}
