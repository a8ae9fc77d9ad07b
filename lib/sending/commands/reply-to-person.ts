import { sql } from "drizzle-orm";
import * as z from "zod";
import { currentContacts } from "@/lib/audience/queries/current-contacts";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type PlannedDirect, planDirect } from "../direct";
import { LONGEST_TEXT } from "../draft";

export const ReplyToPersonInput = z.object({
  contactId: z.uuid(),
  numberId: z.uuid(),
  text: z.string().trim().min(1).max(LONGEST_TEXT),
  /** The message of theirs that the answer quotes. */
  replyToWamid: z.string().min(1).max(300).optional(),
});
export type ReplyToPersonInput = z.infer<typeof ReplyToPersonInput>;

/**
 * Answers a person in words, inside the 24 hours that they opened by writing to this number (basis `service`). It is queued;
 * the gate looks at the window again.
 *
 * @throws not_found when the message to be quoted is none of theirs
 */
export async function replyToPerson(ctx: Context, input: ReplyToPersonInput): Promise<PlannedDirect> {
  authorize(ctx, "conversation.reply");
  const { numberId, text, replyToWamid } = input;
  return transaction(ctx, async (tx): Promise<PlannedDirect> => {
    const contactId = (await currentContacts(tx, [input.contactId])).get(input.contactId);
    if (contactId === undefined) return { kind: "gone" };
    if (replyToWamid !== undefined) await ensureTheirs(tx, contactId, replyToWamid);
    const draft = { kind: "text", text, ...(replyToWamid !== undefined && { replyTo: replyToWamid }) } as const;
    const planned = await planDirect(tx, { contactId, numberId, kind: "reply", draft });
    if (planned.kind === "planned")
      await audit(tx, "conversation.replied", { message: planned.messageId, number: numberId }, contactId);
    return planned;
  });
}

async function ensureTheirs(tx: Context, contactId: string, wamid: string): Promise<void> {
  const rows = await tx.db.execute(sql`
    select 1 from inbound_messages where lane = ${laneOf(contactId)}::smallint and wamid = ${wamid} and contact_id = ${contactId}::uuid`);
  if (rows.length === 0) throw new AppError("not_found", { field: "replyToWamid" });
}
