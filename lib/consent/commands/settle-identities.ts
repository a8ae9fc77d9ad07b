import type { ResolvedPerson } from "@/lib/audience/person";
import { currentContacts } from "@/lib/audience/queries/current-contacts";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { heldKinds } from "../store";
import { mergeContacts } from "./merge-contacts";
import { pauseForReview } from "./pause-for-review";

/**
 * Draws the consequences of what was learnt about people: contacts that one payload names are merged (cloud-api 12.2). Where
 * that would contradict what we hold (two numbers, or two user ids of one person), nobody is merged: marketing to both rests
 * and somebody is asked to look.
 */
export async function settleIdentities(ctx: Context, people: readonly ResolvedPerson[]): Promise<void> {
  authorize(ctx, "job.run");
  for (const { contactId, others } of people) {
    for (const other of others) await settlePair(ctx, contactId, other);
  }
  for (const { contactId, contradicts } of people) if (contradicts) await askToLook(ctx, [contactId]);
}

async function settlePair(ctx: Context, first: string, second: string): Promise<void> {
  const current = await currentContacts(ctx, [first, second]);
  const [one, other] = [current.get(first), current.get(second)];
  if (!one || !other || one === other) return;
  const held = await heldKinds(ctx.db, [one, other]);
  const both = (kinds: readonly string[]) => [one, other].every((id) => kinds.some((kind) => held.get(id)?.has(kind)));
  if (both(["phone"]) || both(["bsuid"])) return askToLook(ctx, [one, other]);
  // Whoever has the number has the history: imported, asked, written to.
  const [into, from] = held.get(other)?.has("phone") ? [other, one] : [one, other];
  await mergeContacts(ctx, { into, from, reason: "one_payload" });
}

async function askToLook(ctx: Context, contactIds: readonly string[]): Promise<void> {
  await pauseForReview(ctx, { contactIds });
  for (const id of contactIds) {
    await raiseNotice(ctx, { kind: "identity_unclear", key: `identity ${id}`, subject: { type: "contact", id } });
  }
}
