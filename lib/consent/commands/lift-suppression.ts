import { sql } from "drizzle-orm";
import { laneOf, newId } from "@/lib/foundation/ids";
import { type Context, transaction } from "@/lib/identity/context";
import { appendEntry } from "@/lib/ledger/append";
import { authorizeWithdrawal } from "../authorize-withdrawal";
import { lockContacts, meansThePerson } from "../store";
import type { SuppressionKind } from "../suppression";

export interface Lift {
  contactId: string;
  kind: SuppressionKind;
  /** What allowed it: the id of the request that two people signed, of the audit event of a decision, or of the person's own yes. */
  because: string;
}

/**
 * Ends one block of a contact, on the contact and on all their identifiers, and logs it. Who may is the business of the
 * command that calls it in its transaction. False: there was no such block.
 */
export async function liftSuppression(ctx: Context, { contactId: asked, kind, because }: Lift): Promise<boolean> {
  authorizeWithdrawal(ctx);
  return transaction(ctx, async (tx) => {
    const contactId = (await lockContacts(tx.db, [asked])).current(asked);
    const lifted = await tx.db.execute(sql`
      update contact_suppressions set lifted_at = ${tx.now()}::timestamptz
      where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid and kind = ${kind} and lifted_at is null
      returning kind`);
    if (lifted.length === 0) return false;
    await tx.db.execute(sql`
      update suppression_lookups as block set lifted_at = ${tx.now()}::timestamptz
      from contact_identifiers as identifier
      where identifier.lane = ${laneOf(contactId)}::smallint and identifier.contact_id = ${contactId}::uuid
        and block.lane = lane_of_hash(identifier.lookup) and block.lookup = identifier.lookup
        and ${meansThePerson} and block.kind = ${kind} and block.lifted_at is null`);
    await logLifted(tx, { contactId, kind, because });
    return true;
  });
}

/** The entry of a block that has ended, whatever ended it. Of an erased person there is nothing more to say. */
export async function logLifted(tx: Context, { contactId, kind, because }: Lift): Promise<void> {
  authorizeWithdrawal(tx);
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  if (!key) return;
  const id = newId();
  await appendEntry(tx.db, {
    lane: laneOf(contactId),
    type: "suppression.lifted",
    ref: id,
    subject: contactId,
    by: tx.actor.kind,
    at: tx.now(),
    key,
    payload: { id, contact: contactId, kind, because },
  });
}
