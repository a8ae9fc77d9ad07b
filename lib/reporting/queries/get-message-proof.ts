import { sql } from "drizzle-orm";
import { openIdentifier } from "@/lib/audience/identifier";
import type { ConsentEvidence } from "@/lib/consent/event";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { latestCheckpoint, proveInclusion, proveItem } from "@/lib/ledger/prove";
import { type CheckResult, readChecks } from "@/lib/sending/checks";
import type { MessageKind, MessageState } from "@/lib/sending/message";
import { getSentValues } from "@/lib/sending/queries/get-sent-values";
import { renderMessage } from "@/lib/templates/render";
import type { ResolvedValues } from "@/lib/templates/values";
import type { Preview } from "@/lib/whatsapp/components";
import { type EventRow, openEvidence } from "../committed-events";
import { type AttemptEvidence, type MessageEvidence, maskEvidence, maskValue } from "../message-evidence";
import type { SendException } from "../send-consent";
import { type MessageRow, readMessageEvidence } from "./read-message-evidence";
import { type DirectBasis, verifyGrounds } from "./verify-grounds";
import { verifySends } from "./verify-sends";

/** Where a fact stands in the log. */
export interface LogPlace {
  what: "consent" | "attempt" | "outcome" | "approval";
  entryId: string;
  /** Null while no signed checkpoint covers it. */
  index: number | null;
  /** Hashes on the way to the checkpoint's root, in base64. */
  inclusion: string[];
  /** For a row of a batch: its place in the inner tree and the hashes on the way to its root. */
  inner: { position: number; size: number; hashes: string[] } | null;
}

export interface MessageProof {
  messageId: string;
  kind: MessageKind;
  /** Null, with its name and variant, for what one person was written apart from campaigns. */
  campaignId: string | null;
  campaignName: string | null;
  contactId: string;
  variant: string | null;
  state: MessageState;
  reason: string | null;
  /** `proved`: what it rests on stood, and everything is as the log committed to. `not_attempted`: nothing was ever sent. */
  verdict: { kind: "proved" } | { kind: "exception"; exception: SendException } | { kind: "not_attempted" };
  /** The facts of the sentence. */
  sentAt: Date | null;
  /** IANA zone of the person; null: not known. */
  timeZone: string | null;
  /** The name that people saw as the sender. */
  senderName: string | null;
  /** Masked; null when the person was erased or has no phone number. */
  phone: string | null;
  isErased: boolean;
  acceptedAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
  consent: {
    eventId: string;
    purposeName: string;
    source: string;
    occurredAt: Date;
    recordedAt: Date;
    expiresAt: Date;
    evidence: ConsentEvidence | null;
    wording: { label: string; language: string; text: string; controller: string; createdAt: Date } | null;
    /** What ended it since, the first of all: the person's withdrawal, or two officers who found it invalid; null: nothing. */
    ended: { how: "withdrawn" | "invalidated"; at: Date } | null;
  } | null;
  /** What a message apart from campaigns rests on, and since when; null: a consent, or nothing that is there. */
  ground: { basis: DirectBasis; at: Date } | null;
  /** The twelve checks in their order, as evaluated in the transaction of the attempt. Empty without an attempt. */
  checks: CheckResult[];
  attempts: { n: number; authorisedAt: Date; outcomes: { kind: string; reason: string | null; at: Date }[] }[];
  approval: { byName: string | null; at: Date; isSolo: boolean; contentHash: string } | null;
  template: {
    name: string;
    language: string;
    category: string;
    /** The version that was sent; null: no longer kept. */
    componentsSha256: string | null;
    /** What was sent, the person's own values masked. Null: contents no longer kept, or the person was erased. */
    text: Preview | null;
  } | null;
  log: LogPlace[];
  checkpoint: { size: number; rootHex: string; signedAt: Date } | null;
}

/** The proof for one message (ux.md 4): why it was allowed, what it said, and why nobody can have changed that since. */
export async function getMessageProof(ctx: Context, { messageId }: { messageId: string }): Promise<MessageProof> {
  authorize(ctx, "proof.read");
  const { message, evidence } = await readMessageEvidence(ctx, messageId);
  const attempt = evidence.attempts.at(-1);
  const basis = evidence.events.find(({ id }) => id === attempt?.basisEventId);
  const checkpoint = await latestCheckpoint(ctx.db);
  const facts = await readFacts(ctx, message);
  const { key, contactId } = evidence;
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return {
    messageId,
    campaignId: message.campaign_id,
    kind: message.kind,
    campaignName: facts.campaign_name,
    contactId,
    variant: message.variant,
    state: message.state,
    reason: message.reason,
    verdict: await verdictOf(ctx, message, attempt),
    sentAt: attempt?.at ?? null,
    timeZone: facts.time_zone,
    senderName: facts.sender_name,
    phone:
      key && facts.phone ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed: facts.phone })) : null,
    isErased: key === undefined,
    acceptedAt: instant(message.accepted_at),
    deliveredAt: instant(message.delivered_at),
    readAt: instant(message.read_at),
    consent: basis && attempt?.basis === "consent" ? await consentOf(ctx, basis, { message, evidence }) : null,
    ground: attempt && attempt.basis !== "consent" ? await groundOf(ctx, message, attempt) : null,
    checks: attempt ? readChecks(attempt.checks, attempt.notEvaluated) : [],
    attempts: evidence.attempts.map(({ n, at, outcomes }) => ({
      n,
      authorisedAt: at,
      outcomes: outcomes.map(({ kind, reason, at: when }) => ({ kind, reason, at: when })),
    })),
    approval: facts.approved_at
      ? {
          byName: facts.approved_by,
          at: new Date(facts.approved_at),
          isSolo: facts.is_solo ?? false,
          contentHash: facts.content_hash ?? "",
        }
      : null,
    template: await templateOf(ctx, message, attempt),
    log: await placesOf(ctx, evidence, basis),
    checkpoint: checkpoint
      ? { size: checkpoint.size, rootHex: checkpoint.root.toString("hex"), signedAt: checkpoint.signedAt }
      : null,
  };
}

async function verdictOf(
  ctx: Context,
  message: MessageRow,
  attempt: AttemptEvidence | undefined,
): Promise<MessageProof["verdict"]> {
  if (!attempt) return { kind: "not_attempted" };
  const which = { message: { lane: message.lane, id: message.id } };
  const { exceptions } = message.basis === "consent" ? await verifySends(ctx, which) : await verifyGrounds(ctx, which);
  const [first] = exceptions;
  return first ? { kind: "exception", exception: first.exception } : { kind: "proved" };
}

async function groundOf(
  ctx: Context,
  { lane }: MessageRow,
  { basis, basisEventId }: AttemptEvidence,
): Promise<MessageProof["ground"]> {
  if (basis === "consent") return null;
  const [row] = await ctx.db.execute<{ at: string }>(sql`
    select provider_at as at from inbound_messages where lane = ${lane}::smallint and id = ${basisEventId}::uuid
    union all select occurred_at from consent_events where lane = ${lane}::smallint and id = ${basisEventId}::uuid
    union all select declared_at from own_numbers where lane = ${lane}::smallint and id = ${basisEventId}::uuid`);
  return row ? { basis, at: new Date(row.at) } : null;
}

interface Facts extends Record<string, unknown> {
  campaign_name: string | null;
  sender_name: string | null;
  time_zone: string | null;
  phone: Buffer | null;
  approved_at: string | null;
  approved_by: string | null;
  is_solo: boolean | null;
  content_hash: string | null;
}

async function readFacts(ctx: Context, message: MessageRow): Promise<Facts> {
  const { lane, id, contact_id: contactId } = message;
  const [facts] = await ctx.db.execute<Facts>(sql`
    select c.name as campaign_name, k.time_zone,
      (select n.verified_name from phone_numbers n where n.id = coalesce(c.number_id, m.number_id)) as sender_name,
      (select i.sealed from contact_identifiers i where i.lane = m.lane and i.contact_id = m.contact_id and i.kind = 'phone'
        order by i.created_at desc limit 1) as phone,
      a.at as approved_at, u.name as approved_by, a.is_solo, a.content_hash
    from messages m
    left join campaigns c on c.id = m.campaign_id
    join contacts k on k.lane = m.lane and k.id = ${contactId}::uuid
    left join lateral (
      select * from campaign_approvals x where x.campaign_id = c.id and x.decision = 'approved'
        and x.content_hash = c.approved_hash order by x.at desc limit 1
    ) a on true
    left join users u on u.id = a.by
    where m.lane = ${lane}::smallint and m.id = ${id}::uuid`);
  if (!facts) throw new Error("The message was read a moment ago and messages are never deleted");
  return facts;
}

async function consentOf(
  ctx: Context,
  basis: EventRow,
  { message, evidence }: { message: MessageRow; evidence: MessageEvidence },
): Promise<MessageProof["consent"]> {
  const [row] = await ctx.db.execute<{
    name: string;
    days: number;
    label: string | null;
    language: string | null;
    text: string | null;
    controller: string | null;
    created: string | null;
  }>(sql`
    select p.name, p.validity_days as days, w.label, w.language, w.text, w.controller, w.created_at as created
    from purposes p left join wording_versions w on w.id = ${basis.wordingVersionId}::uuid
    where p.id = ${message.purpose_id}::uuid`);
  const end = evidence.events.find(
    ({ type, occurredAt, scope, purposeId }) =>
      (type === "withdrawn" || type === "invalidated") &&
      occurredAt > basis.occurredAt &&
      (scope !== "purpose" || purposeId === message.purpose_id),
  );
  const kept = evidence.key ? openEvidence(basis, evidence.key) : null;
  const { label, language, text, controller, created } = row ?? {};
  return {
    eventId: basis.id,
    purposeName: row?.name ?? "",
    source: basis.source,
    occurredAt: basis.occurredAt,
    recordedAt: basis.recordedAt,
    expiresAt: new Date(basis.occurredAt.getTime() + (row?.days ?? 0) * 86_400_000),
    evidence: kept && maskEvidence(kept),
    wording:
      label && language && text && controller && created
        ? { label, language, text, controller, createdAt: new Date(created) }
        : null,
    ended: end ? { how: end.type === "invalidated" ? "invalidated" : "withdrawn", at: end.occurredAt } : null,
  };
}

async function templateOf(
  ctx: Context,
  message: MessageRow,
  attempt: AttemptEvidence | undefined,
): Promise<MessageProof["template"]> {
  const { lane, id: messageId, contact_id: contactId, template_id: templateId } = message;
  const sent = attempt && (await getSentValues(ctx, { lane, contactId, messageId, attemptId: attempt.attemptId }));
  const [row] = await ctx.db.execute<{ name: string; language: string; category: string; components: unknown }>(sql`
    select t.name, t.language, t.category, coalesce(v.components,
      case when encode(t.components_sha256, 'hex') = ${sent?.componentsSha256 ?? ""} then t.components end) as components
    from templates t left join template_versions v
      on v.template_id = t.id and encode(v.components_sha256, 'hex') = ${sent?.componentsSha256 ?? ""}
    where t.id = ${templateId}::uuid`);
  if (!row) return null;
  const { name, language, category, components } = row;
  const text = sent && components ? renderMessage(components, masked(sent.values)) : null;
  return { name, language, category, componentsSha256: sent?.componentsSha256 ?? null, text };
}

/** The text stays readable; the person's own values and the code of their link do not. */
function masked({ header, body, cards }: ResolvedValues): ResolvedValues {
  const hide = (value: ResolvedValues["body"][number]) => ({ ...value, text: maskValue(value.text) });
  return {
    ...(header && { header: "text" in header ? hide(header) : header }),
    body: body.map(hide),
    buttons: [],
    ...(cards && { cards: cards.map((card) => masked(card)) }),
  };
}

async function placesOf(ctx: Context, evidence: MessageEvidence, basis: EventRow | undefined): Promise<LogPlace[]> {
  const { lane } = evidence;
  const wanted: { what: LogPlace["what"]; lane: number; entryId: string; itemId: string | null }[] = [];
  if (basis) {
    const itemId = evidence.batched.has(basis.id) ? basis.id : null;
    wanted.push({ what: "consent", lane: basis.entryLane, entryId: basis.entryId, itemId });
  }
  for (const { attemptId: itemId, entryId, outcomes } of evidence.attempts) {
    wanted.push({ what: "attempt", lane, entryId, itemId });
    for (const outcome of outcomes) wanted.push({ what: "outcome", lane, entryId: outcome.entryId, itemId });
  }
  for (const audit of evidence.audits) wanted.push({ what: "approval", ...audit, itemId: null });
  const base64 = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString("base64"));
  return Promise.all(
    wanted.map(async ({ what, lane: entryLane, entryId, itemId }) => {
      const inclusion = await proveInclusion(ctx.db, entryId);
      const inner = itemId === null ? undefined : await proveItem(ctx.db, { lane: entryLane, entryId, itemId });
      return {
        what,
        entryId,
        index: inclusion?.index ?? null,
        inclusion: base64(inclusion?.proof ?? []),
        inner: inner ? { position: inner.position, size: inner.size, hashes: base64(inner.proof) } : null,
      };
    }),
  );
}
