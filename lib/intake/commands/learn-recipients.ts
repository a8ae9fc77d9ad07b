import type { PersonSeen } from "@/lib/audience/person";
import { learnOnce } from "@/lib/consent/commands/learn-identities";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { findRecipients } from "@/lib/sending/queries/find-messages";
import type { StatusPlace } from "@/lib/sending/queries/place-statuses";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";

/** Keeps whom Meta says statuses are about: how they are found when they write (cloud-api 9.4, 12.2). */
export async function learnRecipients(
  ctx: Context,
  statuses: readonly { item: ItemOf<"status">; place: StatusPlace }[],
): Promise<void> {
  authorize(ctx, "job.run");
  const people = statuses.flatMap(({ item, place }): (PersonSeen & { place: StatusPlace })[] => {
    if (item.recipientType === "group") return [];
    const { recipientWaId, recipientUserId, recipientParentUserId, contact } = item;
    return [
      {
        place,
        waId: recipientWaId ?? contact?.waId,
        userId: recipientUserId ?? contact?.userId,
        parentUserId: recipientParentUserId ?? contact?.parentUserId,
      },
    ];
  });
  await learnOnce(ctx, people, async (unsettled) => {
    const recipients = await findRecipients(
      ctx,
      unsettled.map(({ place }) => place),
    );
    return unsettled.flatMap(({ place, ...seen }) => {
      const contactId = recipients.get(place.messageId);
      return contactId === undefined ? [] : [{ ...seen, contactId }];
    });
  });
}
