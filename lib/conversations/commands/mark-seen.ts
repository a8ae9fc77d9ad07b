import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { personIds, resolveWhenRead, userOf } from "../store";

/** Somebody has read what this person wrote. Read before: nothing happens. */
export async function markSeen(ctx: Context, { contactId }: { contactId: string }): Promise<void> {
  authorize(ctx, "conversation.read");
  await transaction(ctx, async (tx) => {
    const ids = await personIds(tx, contactId);
    await tx.db.execute(sql`
      update inbound_messages set seen_at = ${tx.now()}::timestamptz, seen_by = ${userOf(tx)}::uuid
      where lane = any(${array(ids.map(laneOf), "smallint")}) and contact_id = any(${array(ids, "uuid")})
        and seen_at is null and reply_class is not null`);
    await resolveWhenRead(tx);
  });
}
