import { allSigns, type PersonSeen, signsOf } from "@/lib/audience/person";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";
import type { WebhookItem } from "@/lib/whatsapp/webhooks";
import type { Placed } from "./placed";

export interface Named {
  lookup: Buffer;
  inboxId: string;
  inboxLane: number;
}

/** Whom each body names, by the keyed hashes under which we know people: each once a body. */
export function peopleNamed(lookupKey: Buffer, placed: readonly Placed[]): Named[] {
  const named = new Map<string, Named>();
  for (const { lane, inboxId, item } of placed) {
    for (const person of peopleOf(item)) {
      for (const lookup of lookupsOf(lookupKey, person))
        named.set(`${inboxId} ${lookup.toString("hex")}`, { lookup, inboxId, inboxLane: lane });
    }
  }
  return [...named.values()];
}

/** Whom the message of a status went to; undefined where it names more than one person, or a group. */
export function recipientOf(status: ItemOf<"status">): PersonSeen | undefined {
  const { recipientWaId: waId, recipientUserId: userId, recipientParentUserId: parentUserId, contact } = status;
  if (status.recipientType === "group" || status.participantWaId || status.participantUserId) return undefined;
  if (!contact) return { waId, userId, parentUserId };
  if (isOther(waId, contact.waId) || isOther(userId, contact.userId) || isOther(parentUserId, contact.parentUserId))
    return undefined;
  return {
    waId: waId ?? contact.waId,
    userId: userId ?? contact.userId,
    parentUserId: parentUserId ?? contact.parentUserId,
  };
}

function isOther(own: string | undefined, other: string | undefined): boolean {
  return own !== undefined && other !== undefined && own !== other;
}

function peopleOf(item: WebhookItem): PersonSeen[] {
  switch (item.kind) {
    case "status": {
      const { recipientWaId, recipientUserId, recipientParentUserId, participantWaId, participantUserId } = item;
      return [
        { waId: recipientWaId, userId: recipientUserId, parentUserId: recipientParentUserId },
        { waId: participantWaId, userId: participantUserId },
        ...(item.contact ? [item.contact] : []),
      ];
    }
    case "message": {
      const { content } = item;
      const changed = content.type === "number_changed" || content.type === "user_id_changed" ? [content] : [];
      return [item, ...changed];
    }
    case "user_preference":
      return [item];
    case "user_id_update":
      return [item, { userId: item.previousUserId, parentUserId: item.previousParentUserId }];
    default:
      return [];
  }
}

/** As a contact may hold them: the number to dial, and as WhatsApp writes it where that is another or none can be dialled. */
function lookupsOf(lookupKey: Buffer, person: PersonSeen): Buffer[] {
  const signs = signsOf(lookupKey, person);
  const { number } = signs;
  const needsNoWaId = number?.isCanonical && number.isDiallable;
  return allSigns(signs)
    .filter((sign) => !(needsNoWaId && sign === number?.waId))
    .map(({ lookup }) => lookup);
}
