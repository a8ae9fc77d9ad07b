import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { findOrAddByPhone } from "@/lib/audience/commands/find-or-add-by-phone";
import { meetSuppressions } from "@/lib/consent/commands/suppress";
import { newId } from "@/lib/foundation/ids";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { findMessagesByWamid } from "@/lib/sending/queries/find-messages";
import { verifySignature } from "@/lib/whatsapp/signature";
import { parseWebhook } from "@/lib/whatsapp/webhooks";
import { dayKey, dayKeyId, rawPlace } from "../day-key";
import { type Restriction, restrictionsIn } from "../opt-outs";
import { applyRestrictions, type PlacedRestriction } from "./apply-restrictions";

export interface ReceivedWebhook {
  raw: Buffer;
  signature: string | undefined;
  /** App secrets of the connected numbers: one of them must have signed. */
  appSecrets: readonly string[];
}

/**
 * - `stored`: committed, opt-outs applied; answer 200
 * - `duplicate`: had been stored before; answer 200
 * - `forged`: nobody we know signed these bytes; nothing is stored; answer 401
 */
export type Reception = { kind: "stored" } | { kind: "duplicate" } | { kind: "forged" };

/**
 * Takes one webhook (compliance 6.2): checks the signature over the raw bytes, stores the body once, and applies every
 * refusal in it, all in one transaction before Meta gets its answer. Everything else happens afterwards.
 */
export async function receiveWebhook(
  ctx: Context,
  { raw, signature, appSecrets }: ReceivedWebhook,
): Promise<Reception> {
  authorize(ctx, "webhook.receive");
  if (!appSecrets.some((secret) => verifySignature(raw, signature, secret))) return { kind: "forged" };
  const id = newId();
  const keyId = dayKeyId(ctx.now());
  const sealed = seal(await dayKey(ctx, keyId), raw, rawPlace(id));
  const sha256 = createHash("sha256").update(raw).digest();
  const parsed = parseWebhook(raw);
  const restrictions = parsed.kind === "items" ? restrictionsIn(parsed.items) : [];
  return transaction(ctx, async (tx): Promise<Reception> => {
    const inserted = await tx.db.execute(sql`
      insert into webhook_inbox (lane, id, sha256, raw_sealed, key_id, status, received_at)
      values (lane_of_hash(${sha256}::bytea), ${id}::uuid, ${sha256}::bytea, ${sealed}::bytea, ${keyId}::uuid, 'new',
        ${tx.now()}::timestamptz)
      on conflict (lane, sha256) do nothing returning id`);
    if (inserted.length === 0) return { kind: "duplicate" };
    if (restrictions.length > 0) {
      await applyRestrictions(tx, await placed(tx, restrictions, id));
    }
    return { kind: "stored" };
  });
}

/**
 * Whom refusals restrict: whoever has the number that wrote, and whom we wrote the message that was answered. These are
 * nearly always the same; but Meta may leave the number out or write it in another way than we did.
 */
async function placed(
  tx: Context,
  restrictions: readonly Restriction[],
  inboxId: string,
): Promise<PlacedRestriction[]> {
  const contacts = await findOrAddByPhone(
    tx,
    restrictions.flatMap(({ phone }) => phone ?? []),
  );
  // Somebody erased who writes again is a new contact to us, and meets the blocks on their number.
  await meetSuppressions(tx, [...new Set(contacts.values())]);
  const answered = await findMessagesByWamid(
    tx,
    restrictions.flatMap(({ answeredWamid }) => answeredWamid ?? []),
  );
  return restrictions.flatMap((restriction) => {
    const ids = [contacts.get(restriction.phone ?? ""), answered.get(restriction.answeredWamid ?? "")?.contactId];
    const whose = [...new Set(ids)].filter((id) => id !== undefined);
    if (whose.length === 0) log.error("webhook.refusal_without_contact", { inboxId, kind: restriction.kind });
    return whose.map((contactId) => ({ ...restriction, contactId }));
  });
}
