import { sql } from "drizzle-orm";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/**
 * Limits what is done with a person (GDPR 18) or lifts the limit, under their row's lock, inside the caller's transaction. The
 * gate refuses whoever is limited. False: it was so already.
 */
export async function restrictContact(
  tx: Context,
  { contactId, isRestricted }: { contactId: string; isRestricted: boolean },
): Promise<boolean> {
  authorize(tx, "rights.handle");
  const rows = await tx.db.execute(sql`
    with own as (
      select lane, id from contacts where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid
        and erased_at is null and (restricted_at is null) = ${isRestricted}::boolean for no key update
    )
    update contacts set restricted_at = ${isRestricted ? tx.now() : null}::timestamptz, updated_at = ${tx.now()}::timestamptz
    from own where contacts.lane = own.lane and contacts.id = own.id returning 1`);
  return rows.length > 0;
}
