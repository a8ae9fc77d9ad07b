import { sql } from "drizzle-orm";
import { laneOf, newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { appendEntry } from "@/lib/ledger/append";
import { lockContacts, meansThePerson } from "../store";
import { withdrawConsent } from "./withdraw-consent";

export interface MetaPreference {
  contactId: string;
  value: "stop" | "resume";
  occurredAt: Date;
  /** sha256 of (wa_id | value | timestamp), or what else names this report of Meta's. */
  idempotencyKey: string;
}

/**
 * What a person chose in WhatsApp's own settings (compliance/design.md 1.5). Stop withdraws from all marketing. Resume
 * lifts Meta's block alone: it grants nothing, and the consent stays withdrawn until the person agrees to us again.
 */
export async function recordMetaPreference(ctx: Context, preference: MetaPreference): Promise<void> {
  authorize(ctx, "consent.record");
  const { contactId, value, occurredAt, idempotencyKey } = preference;
  if (value === "stop") {
    const stop = { contactId, occurredAt, idempotencyKey, source: "meta_user_preferences", by: "meta" } as const;
    await withdrawConsent(ctx, { withdrawals: [stop] });
    return;
  }
  await transaction(ctx, async (tx) => {
    const whose = (await lockContacts(tx.db, [contactId])).current(contactId);
    if (await liftMetaStop(tx, whose, occurredAt)) await logLift(tx, whose, occurredAt);
  });
}

/** A stop that is younger than the resume stays: reports may arrive in any order. */
async function liftMetaStop(tx: Context, contactId: string, occurredAt: Date): Promise<boolean> {
  const lifted = await tx.db.execute(sql`
    update contact_suppressions set lifted_at = ${tx.now()}::timestamptz
    where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid and kind = 'meta_stop'
      and lifted_at is null and since <= ${occurredAt}::timestamptz
    returning kind`);
  await tx.db.execute(sql`
    update suppression_lookups as block set lifted_at = ${tx.now()}::timestamptz
    from contact_identifiers as identifier
    where identifier.lane = ${laneOf(contactId)}::smallint and identifier.contact_id = ${contactId}::uuid
      and block.lane = lane_of_hash(identifier.lookup) and block.lookup = identifier.lookup
      and ${meansThePerson} and block.kind = 'meta_stop' and block.lifted_at is null and block.since <= ${occurredAt}::timestamptz`);
  return lifted.length > 0;
}

async function logLift(tx: Context, contactId: string, occurredAt: Date): Promise<void> {
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  if (!key) return; // erased: there is nothing to say about this person any more
  const id = newId();
  await appendEntry(tx.db, {
    lane: laneOf(contactId),
    type: "suppression.lifted",
    ref: id,
    subject: contactId,
    by: "meta",
    at: tx.now(),
    key,
    payload: { id, contact: contactId, kind: "meta_stop", occurredAt: occurredAt.toISOString() },
  });
}
