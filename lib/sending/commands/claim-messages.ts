import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { preferenceToken } from "@/lib/consent/preference-link";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendBatch, type BatchItem } from "@/lib/ledger/append";
import { type ComposedMessage, type ComposeInput, composeMessage, composeText } from "../compose";
import { openDraft } from "../draft";
import { attemptPayload, refusalPayload } from "../entries";
import { type ClaimFacts, claimFacts, contentsPlace, type GateVerdict, passGate, type TemplateFacts } from "../store";

export interface Claim {
  lane: number;
  numberId: string;
  limit: number;
  workerId: string;
}

/** A message that may be sent now, until the claim's time to start has passed. */
export interface ClaimedMessage {
  lane: number;
  attemptId: string;
  messageId: string;
  contactId: string;
  n: number;
  /** Undefined where the text cannot be made (a variable is missing, no phone): it must not go out. */
  composed: ComposedMessage;
  /** Its template is a marketing one, which another endpoint may take. */
  isMarketing: boolean;
}

export interface Claimed {
  messages: ClaimedMessage[];
  /** How many messages ended here for good: refused by a check. */
  refused: number;
}

/**
 * Takes up to `limit` due messages of one lane through the gate (compliance 3.1). When this returns, every attempt is
 * committed with its basis and its entry in the log; nothing has been sent yet.
 */
export async function claimMessages(ctx: Context, claim: Claim): Promise<Claimed> {
  authorize(ctx, "job.run");
  const missing: string[] = [];
  const claimed = await transaction(ctx, async (tx) => {
    const entryId = newId();
    const verdicts = await passGate(tx.db, { ...claim, entryId });
    if (verdicts.length === 0) return { messages: [], refused: 0 };
    const keys = await tx.keys.keysOf(verdicts.map((verdict) => verdict.contactId));
    const sends = verdicts.filter((verdict) => verdict.outcome === "send");
    missing.push(...sends.filter(({ contactId }) => !keys.has(contactId)).map(({ contactId }) => contactId));
    if (missing.length > 0) throw new KeysMissing();
    const fallback = installationKey(tx.secrets.keyEncryptionKey);
    await appendBatch(tx.db, {
      lane: claim.lane,
      type: "send.gate",
      ref: entryId,
      by: "system",
      at: verdicts[0]?.at ?? tx.now(),
      entryId,
      items: verdicts.map((verdict) => logItem(verdict, keys.get(verdict.contactId) ?? fallback)),
      payloads: "derived",
    });
    const facts = await claimFacts(tx.db, claim, sends);
    const messages = sends.map((verdict) =>
      toClaimed(verdict, claim.lane, { facts, keys, linkKey: tx.secrets.linkKey }),
    );
    await keepContents(tx, messages, { keys, facts, sends });
    return { messages, refused: verdicts.length - sends.length };
  }).catch((error: unknown) => {
    if (error instanceof KeysMissing) return undefined;
    throw error;
  });
  if (claimed) return claimed;
  await markErased(ctx, claim.lane, missing);
  return { messages: [], refused: 0 };
}

/** Thrown inside the transaction only, so that it leaves nothing behind. */
class KeysMissing extends Error {}

/** A contact whose key is gone reads as erased (compliance 2.5): the gate then refuses it like any erased person. */
async function markErased(ctx: Context, lane: number, contactIds: readonly string[]): Promise<void> {
  await ctx.db.execute(sql`
    update contacts set erased_at = ${ctx.now()}::timestamptz, updated_at = ${ctx.now()}::timestamptz
    where lane = ${lane}::smallint and id = any(${array(contactIds, "uuid")}) and erased_at is null`);
}

function logItem(verdict: GateVerdict, key: Buffer): BatchItem {
  const payload =
    verdict.outcome === "send"
      ? attemptPayload(verdict)
      : refusalPayload({ ...verdict, checkNumber: verdict.failed ?? 0, reason: verdict.reason ?? "" });
  const id = verdict.outcome === "send" ? verdict.attemptId : verdict.messageId;
  return { id, subject: verdict.contactId, payload, key };
}

function toClaimed(
  verdict: GateVerdict,
  lane: number,
  { facts, keys, linkKey }: { facts: ClaimFacts; keys: ReadonlyMap<string, Buffer>; linkKey: Buffer },
): ClaimedMessage {
  const { attemptId, messageId, contactId, n } = verdict;
  const key = keys.get(contactId);
  const contact = facts.contacts.get(contactId);
  const composed: ComposedMessage =
    key && contact
      ? compose(verdict, {
          ...{ lane, attemptId, contact, key, facts },
          preferences: preferenceToken(linkKey, { contactId, brandId: facts.brandId }),
        })
      : { kind: "impossible", reason: "facts_missing" };
  return {
    lane,
    attemptId,
    messageId,
    contactId,
    n,
    composed,
    isMarketing: templateOf(verdict, facts)?.isMarketing ?? false,
  };
}

/** The template that a message is made of; undefined: none, or it is gone. */
function templateOf({ campaignId, variant, messageId }: GateVerdict, facts: ClaimFacts): TemplateFacts | undefined {
  if (campaignId !== null) return facts.variants.get(`${campaignId} ${variant}`);
  return facts.drafts.get(messageId)?.template ?? undefined;
}

function compose(
  { campaignId, variant: arm, messageId, linkCode }: GateVerdict,
  {
    facts,
    ...given
  }: Pick<ComposeInput, "lane" | "attemptId" | "contact" | "key" | "preferences"> & { facts: ClaimFacts },
): ComposedMessage {
  const { mediaIds } = facts;
  if (campaignId !== null) {
    const variant = facts.variants.get(`${campaignId} ${arm}`);
    return variant
      ? composeMessage({ ...given, linkCode, variant, mediaIds })
      : { kind: "impossible", reason: "facts_missing" };
  }
  const found = facts.drafts.get(messageId);
  const draft = found && openDraft(given.key, messageId, found.sealed);
  if (draft?.kind === "text" && !found?.template)
    return composeText({ ...given, text: draft.text, replyTo: draft.replyTo });
  if (draft?.kind !== "template" || !found?.template) return { kind: "impossible", reason: "facts_missing" };
  const { parameters, payloads } = draft;
  return composeMessage({ ...given, linkCode, variant: { ...found.template, parameters }, mediaIds, payloads });
}

/** Keeps what filled the placeholders, sealed, so that the message can be shown word for word later. */
async function keepContents(
  tx: Context,
  messages: readonly ClaimedMessage[],
  from: { keys: ReadonlyMap<string, Buffer>; facts: ClaimFacts; sends: readonly GateVerdict[] },
): Promise<void> {
  const rows = messages.flatMap((message, i) => {
    const key = from.keys.get(message.contactId);
    const verdict = from.sends[i];
    const template = verdict && templateOf(verdict, from.facts);
    // A text that fills no template stands in its draft already.
    if (message.composed.kind !== "ready" || !message.composed.values || !key || !template) return [];
    const sealed = seal(key, JSON.stringify(message.composed.values), contentsPlace(message.attemptId));
    return [{ ...message, sealed, components: template.componentsSha256 }];
  });
  if (rows.length === 0) return;
  const lane = rows[0]?.lane ?? 0;
  await tx.db.execute(sql`
    insert into message_contents (lane, message_id, contact_id, attempt_id, components_sha256, sealed)
    select ${lane}::smallint, * from unnest(
      ${array(
        rows.map((row) => row.messageId),
        "uuid",
      )}, ${array(
        rows.map((row) => row.contactId),
        "uuid",
      )}, ${array(
        rows.map((row) => row.attemptId),
        "uuid",
      )}, ${array(
        rows.map((row) => row.components),
        "bytea",
      )}, ${array(
        rows.map((row) => row.sealed),
        "bytea",
      )})`);
}
