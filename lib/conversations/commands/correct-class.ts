import { sql } from "drizzle-orm";
import { pauseForReview } from "@/lib/consent/commands/pause-for-review";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { actingAs, type Context, transaction } from "@/lib/identity/context";
import { knownClass, type ReplyClass } from "../reply-classes";
import { recountAnswered, userOf } from "../store";

/**
 * A person says what an answer is. It is kept whatever the rules say later, and what was counted on the answered message is
 * counted again. Whoever reads a refusal in it stops marketing to that person for seven days, and an officer decides
 * (compliance 1.5): a refusal must not wait for a permission.
 *
 * @throws AppError("not_found") no answer of this person has this id
 */
export async function correctClass(
  ctx: Context,
  { contactId, inboundId, replyClass }: { contactId: string; inboundId: string; replyClass: ReplyClass },
): Promise<void> {
  authorize(ctx, "conversation.reply");
  await transaction(ctx, async (tx) => {
    const lane = laneOf(contactId);
    const [row] = await tx.db.execute<{ class: string; message: string | null; classification: string }>(sql`
      select reply_class as class, message_id as message, classification from inbound_messages
      where lane = ${lane}::smallint and id = ${inboundId}::uuid and contact_id = ${contactId}::uuid and reply_class is not null
      for update`);
    if (!row) throw new AppError("not_found", { inboundId });
    await tx.db.execute(sql`
      update inbound_messages set reply_class = ${replyClass}, class_by = 'person', class_corrected_by = ${userOf(tx)}::uuid
      where lane = ${lane}::smallint and id = ${inboundId}::uuid`);
    const from = knownClass(row.class);
    if (from === replyClass) return;
    await audit(tx, "reply.class_corrected", { from, to: replyClass, message: inboundId }, contactId);
    await recountAnswered(tx, row.message === null ? [] : [row.message]);
    const isNew = replyClass === "opt_out" && row.classification !== "opt_out" && row.classification !== "review";
    // Whoever answers people may not withdraw consents, so the product rests marketing in their place.
    if (isNew) await pauseForReview(actingAs(tx, systemActor("console")), { contactIds: [contactId] });
  });
}
