import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { findPeople } from "@/lib/audience/queries/find-people";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import type { NewConsentEvent } from "@/lib/consent/event";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { confirmOptOut } from "@/lib/sending/commands/confirm-opt-out";
import { readQuestionAnswer } from "@/lib/sending/consent-question";
import { findRequests } from "@/lib/sending/queries/find-requests";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";
import { restrictionsIn } from "../opt-outs";

type Message = ItemOf<"message">;

/**
 * What people are owed for what they said: the "yes" to a question of ours takes effect (a "no" did on arrival), and who opted
 * out is told that it is done. Comes after `recordInbound`, which keeps the message that opens the window. May be repeated.
 */
export async function answerPeople(ctx: Context, messages: readonly Message[]): Promise<void> {
  authorize(ctx, "job.run");
  const said = messages.flatMap((message) => {
    const answer = readQuestionAnswer(message.payload);
    const confirms = answer?.type === "confirmed" ? answer.purposeId : undefined;
    const optsOut = restrictionsIn([message]).some(({ kind }) => kind === "opt_out");
    return confirms !== undefined || optsOut ? [{ message, confirms, optsOut }] : [];
  });
  if (said.length === 0) return;
  const people = await findPeople(
    ctx,
    said.map(({ message }) => message),
  );
  const heard = said.flatMap((one, i) => {
    const contactId = people[i];
    return contactId === undefined ? [] : [{ ...one, contactId }];
  });
  const texts = await textsAskedFor(
    ctx,
    heard.flatMap(({ confirms, contactId }) => (confirms === undefined ? [] : [{ contactId, purposeId: confirms }])),
  );
  const requests = await findRequests(
    ctx,
    heard.flatMap(({ message, confirms }) => (confirms === undefined ? [] : (message.contextWamid ?? []))),
  );
  const events = heard.flatMap(({ message, confirms, contactId }) =>
    confirms === undefined
      ? []
      : [
          {
            ...confirmation(ctx, { message, contactId, purposeId: confirms, requests }),
            wordingVersionId: texts.get(`${contactId} ${confirms}`) ?? null,
          },
        ],
  );
  if (events.length > 0) await recordConsentEvents(ctx, { events });
  const numbers = await numbersOf(ctx, heard);
  for (const { message, optsOut, contactId } of heard) {
    const numberId = numbers.get(message.phoneNumberId ?? "");
    if (optsOut && numberId !== undefined) await confirmOptOut(ctx, { contactId, numberId });
  }
}

/** The text that somebody had before them when they asked for what they now confirm: `<contact> <purpose>` → its version. */
async function textsAskedFor(
  ctx: Context,
  asked: readonly { contactId: string; purposeId: string }[],
): Promise<Map<string, string>> {
  if (asked.length === 0) return new Map();
  const contacts = asked.map(({ contactId }) => contactId);
  const rows = await ctx.db.execute<{ contact: string; purpose: string; wording: string | null }>(sql`
    select distinct on (e.contact_id, e.purpose_id) e.contact_id as contact, e.purpose_id as purpose,
      e.wording_version_id as wording
    from unnest(${array(contacts.map(laneOf), "smallint")}, ${array(contacts, "uuid")},
      ${array(
        asked.map(({ purposeId }) => purposeId),
        "uuid",
      )}) as asked (lane, contact, purpose)
    join consent_events e on e.lane = asked.lane and e.contact_id = asked.contact and e.purpose_id = asked.purpose
    where e.type in ('requested', 'granted')
    order by e.contact_id, e.purpose_id, e.occurred_at desc, e.id desc`);
  return new Map(
    rows.flatMap(({ contact, purpose, wording }) => (wording ? [[`${contact} ${purpose}`, wording]] : [])),
  );
}

/**
 * An act of the person, at Meta's time: whole seconds, and from a clock that may be ahead of ours or behind. The answer to a
 * question of ours is never earlier than the request that we asked about.
 */
function confirmation(
  ctx: Context,
  {
    message,
    contactId,
    purposeId,
    requests,
  }: { message: Message; contactId: string; purposeId: string; requests: ReadonlyMap<string, Date> },
): NewConsentEvent {
  const { wamid, contextWamid } = message;
  const requestedAt = requests.get(contextWamid ?? "")?.getTime() ?? 0;
  const key = createHash("sha256").update(wamid).digest("base64url");
  return {
    contactId,
    type: "confirmed",
    purposeId,
    scope: "purpose",
    source: "whatsapp_button",
    occurredAt: new Date(Math.min(Math.max(message.at.getTime(), requestedAt), ctx.now().getTime())),
    isComplete: true,
    idempotencyKey: `confirmed ${contactId} ${key}`,
    by: "contact",
    evidence: { wamid, ...(contextWamid ? { answeredWamid: contextWamid } : {}) },
  };
}

/** Our numbers by Meta's ids. */
async function numbersOf(ctx: Context, heard: readonly { message: Message }[]): Promise<Map<string, string>> {
  const ids = [...new Set(heard.flatMap(({ message }) => message.phoneNumberId ?? []))];
  const rows = await ctx.db.execute<{ id: string; meta: string }>(sql`
    select id, phone_number_id as meta from phone_numbers where phone_number_id = any(${array(ids, "text")})`);
  return new Map(rows.map(({ id, meta }) => [meta, id]));
}
