import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { laneOf } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { personIds, resolveWhenRead, userOf } from "../store";

/**
 * Marks what a person wrote as handled, or opens it again: one message, or all of theirs. What is handled has been read.
 * Nothing to change: nothing is logged.
 */
export async function setHandled(
  ctx: Context,
  { contactId, inboundId, isHandled }: { contactId: string; inboundId?: string | undefined; isHandled: boolean },
): Promise<{ changed: number }> {
  authorize(ctx, "conversation.reply");
  return transaction(ctx, async (tx) => {
    const ids = await personIds(tx, contactId);
    const at = isHandled ? tx.now() : null;
    const by = isHandled ? userOf(tx) : null;
    const rows = await tx.db.execute<{ id: string }>(sql`
      update inbound_messages set handled_at = ${at}::timestamptz, handled_by = ${by}::uuid,
        seen_at = coalesce(seen_at, ${tx.now()}::timestamptz), seen_by = coalesce(seen_by, ${userOf(tx)}::uuid)
      where lane = any(${array(ids.map(laneOf), "smallint")}) and contact_id = any(${array(ids, "uuid")})
        and reply_class is not null and (handled_at is not null) = ${!isHandled}::boolean
        and (${inboundId ?? null}::uuid is null or id = ${inboundId ?? null}::uuid)
      returning id`);
    if (rows.length === 0) return { changed: 0 };
    await audit(tx, isHandled ? "reply.handled" : "reply.reopened", { messages: rows.length }, contactId);
    await resolveWhenRead(tx);
    return { changed: rows.length };
  });
}
