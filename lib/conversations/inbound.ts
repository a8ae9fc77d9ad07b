import { readRefusal } from "@/lib/consent/refusal";
import type { ItemOf, MessageContent } from "@/lib/whatsapp/webhook-items";

export type InboundItem = ItemOf<"message">;

/**
 * - `opt_out`, `review`: a refusal, or what a person must read as one perhaps
 * - `button`: something of ours was tapped; `reaction`: an emoji was set or taken back
 * - `system`: WhatsApp says something about the person, or the person changes what they wrote
 * - `other`: everything else that people write and send
 */
export type Classification = "opt_out" | "review" | "button" | "reaction" | "system" | "other";

export function classify(item: InboundItem): Classification {
  const refusal = readRefusal(item);
  if (refusal) return refusal;
  switch (item.content.type) {
    case "button":
    case "button_reply":
    case "list_reply":
    case "flow_reply":
      return "button";
    case "reaction":
      return "reaction";
    case "number_changed":
    case "user_id_changed":
    case "identity_changed":
    case "system":
    case "edit":
    case "revoke":
      return "system";
    default:
      return "other";
  }
}

/** Whether the person answered something of ours with it. What WhatsApp tells, and what takes a message back, is no answer. */
export function isAnswer({ content }: InboundItem): boolean {
  switch (content.type) {
    case "reaction":
      return content.emoji !== undefined;
    case "number_changed":
    case "user_id_changed":
    case "identity_changed":
    case "system":
    case "edit":
    case "revoke":
      return false;
    default:
      return true;
  }
}

/** The person's own message that this one changes or takes back. */
export function originalWamid({ content }: InboundItem): string | null {
  return content.type === "edit" || content.type === "revoke" ? content.wamid : null;
}

/** The number on the person's own card, which we asked for (cloud-api 12.2): evidence of who they are. */
export function sharedNumber(content: MessageContent): string | undefined {
  if (content.type !== "contacts") return undefined;
  const phones = content.contacts.flatMap((card) => (card.origin === "contact_request" ? card.phones : []));
  const [first] = phones.map(({ waId, phone }) => waId ?? phone?.replace(/\D/g, ""));
  return first || undefined;
}

/** What came besides the text, as it is sealed. Undefined: nothing. */
export function detailsOf(item: InboundItem): Record<string, unknown> | undefined {
  const { content, referral, referredProduct, errors, payload } = item;
  const isOnlyText = content.type === "text" || (content.type === "button" && payload === undefined);
  const details = {
    ...(isOnlyText ? {} : { content }),
    ...(referral && { referral }),
    ...(referredProduct && { referredProduct }),
    ...(errors.length > 0 && { errors }),
  };
  return Object.keys(details).length > 0 ? details : undefined;
}

/** The notice that answers to campaigns wait to be read. */
export const REPLIES_UNREAD = "replies_unread";

/** Where the sealed body of an inbound message belongs, as additional authenticated data. */
export function bodyPlace(inboundId: string): string {
  return `inbound_messages|body_sealed|${inboundId}`;
}

/** Where its sealed details belong. */
export function detailsPlace(inboundId: string): string {
  return `inbound_messages|details_sealed|${inboundId}`;
}
