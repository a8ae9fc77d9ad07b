import { sql } from "drizzle-orm";
import { laneOf, newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { type MessageDraft, sealDraft } from "./draft";
import type { MessageKind } from "./message";

export interface DirectMessage {
  contactId: string;
  numberId: string;
  kind: Exclude<MessageKind, "campaign">;
  draft: MessageDraft;
  /** Exactly where the draft fills one. */
  templateId?: string;
  /** Of a question: what is asked for. */
  purposeId?: string;
  /** What it is to rest on, where the gate cannot find that by itself: the event that asks, the number of our own. */
  groundId?: string;
}

export type PlannedDirect =
  | { kind: "planned"; messageId: string }
  /** `gone`: erased, restricted, merged or unknown. `window_closed`: they did not write to this number in 24 h. `already`: done. */
  | { kind: "gone" | "window_closed" | "already" };

/**
 * Queues a message to one person: the send loop takes it through the gate like any other. Sealed before it is stored; in the
 * caller's transaction.
 */
export async function planDirect(tx: Context, message: DirectMessage): Promise<PlannedDirect> {
  const { contactId, numberId, kind, draft, templateId = null, purposeId = null, groundId = null } = message;
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  if (!key) return { kind: "gone" };
  const messageId = newId();
  const [row] = await tx.db.execute<{ verdict: PlannedDirect["kind"] }>(sql`
    select plan_direct_message(lane_of(${contactId}::uuid), ${messageId}::uuid, ${contactId}::uuid, ${numberId}::uuid, ${kind},
      ${templateId}::uuid, ${purposeId}::uuid, ${groundId}::uuid) as verdict`);
  const verdict = row?.verdict ?? "gone";
  if (verdict !== "planned") return { kind: verdict };
  await tx.db.execute(sql`
    insert into message_drafts (lane, message_id, contact_id, sealed)
    values (${laneOf(contactId)}::smallint, ${messageId}::uuid, ${contactId}::uuid, ${sealDraft(key, messageId, draft)})`);
  return { kind: "planned", messageId };
}
