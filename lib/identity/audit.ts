import { sql } from "drizzle-orm";
import { laneOf, newId } from "@/lib/foundation/ids";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendEntry } from "@/lib/ledger/append";
import type { Json } from "@/lib/ledger/verifier";
import { actorId } from "./actor";
import type { Context } from "./context";

/**
 * Records what an actor did: a readable row for the administrators' log and an entry of the ledger that commits to the
 * same facts. Call it in the transaction of the change; when it fails, the change fails.
 *
 * @param type `<noun>.<what happened>`, for example `campaign.launched`
 * @param data ids, counts and states; never a name, an address, a number or a text of a contact
 * @param subject id of the thing it was done to, where there is one
 */
export async function audit(
  tx: Context,
  type: string,
  data: Readonly<Record<string, Json>>,
  subject: string | null = null,
): Promise<{ eventId: string; entryId: string }> {
  const eventId = newId();
  const lane = laneOf(eventId);
  const at = tx.now();
  const actor = actorId(tx.actor);
  const { entryId } = await appendEntry(tx.db, {
    lane,
    type,
    ref: eventId,
    subject: null, // whose key seals it: a contact's; audit events are about the organisation's own things
    by: tx.actor.kind,
    at,
    payload: { id: eventId, type, actor, subject, data },
    key: installationKey(tx.secrets.keyEncryptionKey),
  });
  await tx.db.execute(sql`
    insert into audit_events (id, at, actor_kind, actor_id, type, subject, data, entry_lane, entry_id)
    values (${eventId}, ${at}, ${tx.actor.kind}, ${actor}, ${type}, ${subject}, ${JSON.stringify(data)}, ${lane}, ${entryId})`);
  return { eventId, entryId };
}
