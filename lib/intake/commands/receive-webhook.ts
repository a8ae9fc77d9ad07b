import { createHash } from "node:crypto";
import { currentContacts } from "@/lib/audience/queries/current-contacts";
import { everyoneMeant, recogniseContacts } from "@/lib/consent/commands/recognise-contacts";
import { newId } from "@/lib/foundation/ids";
import { log, safeMessage } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { findMessagesByWamid } from "@/lib/sending/queries/find-messages";
import { verifySignature } from "@/lib/whatsapp/signature";
import { parseWebhook, type WebhookItem } from "@/lib/whatsapp/webhooks";
import { dayKey, dayKeyId, rawPlace } from "../day-key";
import { isPassing, untilNoDeadlock } from "../one-or-each";
import { type Restriction, restrictionsIn } from "../opt-outs";
import { isOurs } from "../placed";
import { ownNumbers } from "../queries/own-numbers";
import { applyRestrictions, type PlacedRestriction } from "./apply-restrictions";
import { type NewBody, type Stored, storeBodies } from "./store-bodies";

export interface ReceivedWebhook {
  raw: Buffer;
  signature: string | undefined;
  /** App secrets of the connected numbers: one of them must have signed. */
  appSecrets: readonly string[];
  /** Stores a body without refusals; the ingress lets those that come together share one transaction. */
  store?: (body: NewBody) => Promise<Stored>;
}

/**
 * - `stored`: committed, opt-outs applied; answer 200
 * - `duplicate`: had been stored before; answer 200
 * - `forged`: nobody we know signed these bytes; nothing is stored; answer 401
 */
export type Reception = { kind: Stored } | { kind: "forged" };

/**
 * Takes one webhook (compliance 6.2): checks the signature over the raw bytes, stores the body once, and applies every
 * refusal in it, all in one transaction before Meta gets its answer. Everything else happens afterwards. Refusals sent to
 * accounts or numbers that are not ours, Meta's test events among them, are kept and ignored like the rest of those.
 */
export async function receiveWebhook(
  ctx: Context,
  { raw, signature, appSecrets, store = (body) => storeOne(ctx, body) }: ReceivedWebhook,
): Promise<Reception> {
  authorize(ctx, "webhook.receive");
  if (!appSecrets.some((secret) => verifySignature(raw, signature, secret))) return { kind: "forged" };
  const items = itemsToHeed(raw, ctx.now());
  const body = await sealed(ctx, raw);
  if (restrictionsIn(items).length === 0) return { kind: await store(body) };
  return untilNoDeadlock(() =>
    transaction(ctx, async (tx): Promise<Reception> => {
      const stored = await storeOne(tx, body);
      if (stored === "duplicate") return { kind: stored };
      const own = await ownNumbers(tx);
      const ours = items.filter((item) => isOurs(item, own));
      await refuseEach(tx, ours, body.id);
      return { kind: stored };
    }),
  );
}

/**
 * A refusal that cannot be applied costs no other, nor the webhook: Meta would bring it again and again in vain. Somebody is
 * told, and the worker tries once more and puts it aside (`retryRefusals`).
 */
async function refuseEach(tx: Context, ours: readonly WebhookItem[], inboxId: string): Promise<void> {
  try {
    await tx.db.transaction((db) => applyRefusals({ ...tx, now: () => tx.now(), db }, ours, inboxId)); // a savepoint
  } catch (error) {
    if (isPassing(error)) throw error;
    if (ours.length > 1) {
      for (const item of ours) await refuseEach(tx, [item], inboxId);
      return;
    }
    log.error("webhook.refusal_failed", { inboxId, error: safeMessage(error) });
    const subject = { type: "webhooks", id: inboxId } as const;
    await raiseNotice(tx, { kind: "refusal_failed", key: refusalNotice(inboxId), subject });
  }
}

/** The key of the notice that refusals of a body are not in effect. */
export function refusalNotice(inboxId: string): string {
  return `refusal ${inboxId}`;
}

/** Puts the refusals among items of ours into effect; those that are in effect already stay as they are. */
export async function applyRefusals(tx: Context, ours: readonly WebhookItem[], inboxId: string): Promise<void> {
  authorize(tx, "consent.withdraw");
  const restrictions = restrictionsIn(ours);
  if (restrictions.length > 0) await applyRestrictions(tx, await placed(tx, restrictions, inboxId));
}

/** What a person wrote or chose stands under these keys; a letter written as an escape might hide them. */
const MAY_REFUSE = /"(messages|user_preferences)"\s*:|131050|\\u00[2-7]/;

/** Most bodies hold nothing but statuses of messages: those are read by the worker alone. */
function itemsToHeed(raw: Buffer, receivedAt: Date): readonly WebhookItem[] {
  if (!MAY_REFUSE.test(raw.toString("latin1"))) return [];
  const parsed = parseWebhook(raw, receivedAt);
  return parsed.kind === "items" ? parsed.items : [];
}

const PHONE_NUMBER_ID = /"phone_number_id"\s*:\s*"?(\d{1,30})/g;

async function sealed(ctx: Context, raw: Buffer): Promise<NewBody> {
  const id = newId();
  const keyId = dayKeyId(ctx.now());
  return {
    id,
    sha256: createHash("sha256").update(raw).digest(),
    sealed: seal(await dayKey(ctx, keyId), raw, rawPlace(id)),
    keyId,
    phoneNumberIds: [...new Set(Array.from(raw.toString("latin1").matchAll(PHONE_NUMBER_ID), ([, id = ""]) => id))],
  };
}

async function storeOne(ctx: Context, body: NewBody): Promise<Stored> {
  const [stored] = await storeBodies(ctx, [body]);
  return stored ?? "duplicate";
}

/**
 * Whom refusals restrict: everybody whom what Meta tells about the sender may mean, and whom we wrote the message that was
 * answered. These are nearly always the same; but Meta may leave the number out or write it in another way than we did.
 */
async function placed(
  tx: Context,
  restrictions: readonly Restriction[],
  inboxId: string,
): Promise<PlacedRestriction[]> {
  const people = await recogniseContacts(
    tx,
    restrictions.map(({ person }) => person),
  );
  const answered = await findMessagesByWamid(
    tx,
    restrictions.flatMap(({ answeredWamid }) => answeredWamid ?? []),
  );
  const current = await currentContacts(
    tx,
    [...answered.values()].map(({ contactId }) => contactId),
  );
  return restrictions.flatMap((restriction, i) => {
    const message = answered.get(restriction.answeredWamid ?? "");
    const ids = [...everyoneMeant(people[i]), message && current.get(message.contactId)];
    const whose = [...new Set(ids)].filter((id) => id !== undefined);
    if (whose.length === 0) log.error("webhook.refusal_without_contact", { inboxId, kind: restriction.kind });
    return whose.map((contactId) => ({ ...restriction, contactId }));
  });
}
