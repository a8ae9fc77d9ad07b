import { retireUserIds } from "@/lib/audience/commands/retire-user-ids";
import type { PersonSeen } from "@/lib/audience/person";
import { findPeople } from "@/lib/audience/queries/find-people";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { heldKinds } from "../store";
import { learnIdentities } from "./learn-identities";
import { mergeContacts } from "./merge-contacts";
import { recogniseContacts } from "./recognise-contacts";

export interface IdentityChange {
  /** Whom Meta named by what they had before. */
  contactId: string;
  /** What they have now. */
  to: PersonSeen;
}

/**
 * Meta told that somebody has another number (cloud-api 10.2, `user_changed_number`). The person lives on as the contact of the
 * new number, with their refusals and blocks and without their consent, which was given for the old one. The old number is given
 * up: whoever has it next is somebody else. Answers whom the person lives on as.
 */
export async function followNumberChange(ctx: Context, { contactId, to }: IdentityChange): Promise<string> {
  authorize(ctx, "job.run");
  const { waId, ...userIds } = to;
  const current = await transaction(ctx, async (tx) => {
    const [found] = await recogniseContacts(tx, [{ waId }]);
    if (!found || found.contactId === contactId) return contactId;
    await mergeContacts(tx, { into: found.contactId, from: contactId, reason: "number_changed" });
    return found.contactId;
  });
  await learnIdentities(ctx, [{ contactId: current, ...userIds }]);
  return current;
}

/**
 * Meta told that somebody has another user id (`user_id_update`, `user_changed_user_id`). It is the same person: the old id is
 * former, the new one theirs, and a contact that already wrote under the new one is merged. A number told with it that is not
 * theirs is a changed number.
 */
export async function followUserIdChange(ctx: Context, { contactId, to }: IdentityChange): Promise<void> {
  authorize(ctx, "job.run");
  await retireUserIds(ctx, { contactId, ...to });
  const hadNumber = (await heldKinds(ctx.db, [contactId])).get(contactId)?.has("phone");
  if (hadNumber && to.waId !== undefined) await followNumberChange(ctx, { contactId, to });
  else await learnIdentities(ctx, [{ contactId, ...to }]);
}

/** The field `user_id_update`: whoever had the old id, else whoever has the number, is followed; a stranger is added. */
export async function followUserIdUpdate(
  ctx: Context,
  { previous, to }: { previous: PersonSeen; to: PersonSeen },
): Promise<void> {
  authorize(ctx, "job.run");
  const [before, now] = await findPeople(ctx, [previous, { waId: to.waId }]);
  const contactId = before ?? now;
  if (contactId === undefined) await recogniseContacts(ctx, [to]);
  else await followUserIdChange(ctx, { contactId, to });
}
