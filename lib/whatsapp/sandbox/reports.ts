import { shortHash } from "./draws";
import { detailsOf, titleOf } from "./graph-errors";
import { type People, type Person, type Received, waIdOf } from "./people";
import type { Contact } from "./webhook-bodies";
import type { World } from "./world";

export type ReportedStatus = "sent" | "delivered" | "read" | "failed";

/** How webhooks speak about people. */
export interface ReportStyle {
  people: People;
  shape: World["webhookShape"];
}

const DAY_MS = 24 * 60 * 60_000;
/** Until then messages inside an open window cost nothing. */
const SERVICE_CHARGED_SINCE = Date.UTC(2026, 9, 1);

/** A status as it stands in a webhook. */
export function statusItem(
  { message, person }: Received,
  what: { status: ReportedStatus; at: number; hasPricing?: boolean; code?: number },
  style: ReportStyle,
) {
  const isFailed = what.code !== undefined;
  const isNamed = isFailed ? message.userId === undefined : isPhoneShown(person, what.at);
  // A failure names the person as the request did, and not otherwise.
  const ids = isFailed ? message.userId !== undefined && { user_id: message.userId } : userIds(person, style);
  const expiresAt = what.status === "sent" && { expiration_timestamp: unixSeconds(message.at + DAY_MS) };
  const { conversation, pricing } = costOf({ message, person }, what.at);
  return {
    id: message.wamid,
    status: what.status,
    timestamp: unixSeconds(what.at),
    ...(isNamed && { recipient_id: waIdOf(person.phone) }),
    ...(ids && prefixed("recipient", ids)),
    ...(message.callbackData && { biz_opaque_callback_data: message.callbackData }),
    ...(what.hasPricing &&
      (pricing.type === "free_entry_point" || Number(style.shape.version.slice(1)) < 24) && {
        conversation: { ...conversation, ...expiresAt },
      }),
    ...(what.hasPricing && { pricing }),
    ...(what.code !== undefined && { errors: [statusError(what.code)] }),
  };
}

/** What a message costs, and the conversation that older webhooks count it to. */
export function costOf({ message, person }: Pick<Received, "message" | "person">, at: number) {
  const isFreeEntry = (person.freeEntryUntil ?? 0) > message.at;
  const isFreeService = message.category === "service" && at < SERVICE_CHARGED_SINCE;
  const type = isFreeEntry ? "free_entry_point" : isFreeService ? "free_customer_service" : "regular";
  const origin = { type: isFreeEntry ? "referral_conversion" : message.category };
  return {
    conversation: { id: shortHash(`${message.wamid}:conversation`).padEnd(32, "0"), origin },
    pricing: { billable: type === "regular", pricing_model: "PMP", type, category: origin.type },
  };
}

function statusError(code: number) {
  const title = titleOf(code);
  const href = "/documentation/business-messaging/whatsapp/support/error-codes";
  return { code, title, message: title, error_data: { details: detailsOf(code) }, href };
}

/** Who it was, in the `contacts` of a webhook value. A username is told with what the person did, not with `sent`. */
export function contactOf(person: Person, style: ReportStyle, { at, tellsUsername }: ContactView): Contact {
  return {
    profile: { name: nameOf(person), ...(tellsUsername && person.username && { username: person.username }) },
    ...(isPhoneShown(person, at) && { wa_id: waIdOf(person.phone) }),
    ...userIds(person, style),
  };
}
interface ContactView {
  at: number;
  tellsUsername: boolean;
}

/** Who wrote, in the item of an inbound message. */
export function senderOf(person: Person, style: ReportStyle, at: number) {
  return {
    ...(isPhoneShown(person, at) && { from: waIdOf(person.phone) }),
    ...prefixed("from", userIds(person, style)),
  };
}

/** `user_id` and `parent_user_id`, as far as the webhooks of this world carry them. */
export function userIds(person: Person, { people, shape }: ReportStyle): { user_id?: string; parent_user_id?: string } {
  if (!shape.hasUserIds && !person.hidesPhone) return {};
  return {
    user_id: people.userIdOf(person),
    ...(shape.hasParentUserIds && { parent_user_id: people.parentUserIdOf(person) }),
  };
}

function prefixed(prefix: "recipient" | "from", ids: object) {
  return Object.fromEntries(Object.entries(ids).map(([key, id]) => [`${prefix}_${key}`, id]));
}

/** Whether the business sees the phone of somebody who hides it: only for 30 days after it wrote to that phone. */
export function isPhoneShown({ hidesPhone, phoneShownUntil = 0 }: Person, at: number): boolean {
  return !hidesPhone || at < phoneShownUntil;
}

/** `wamid.` and base64, as long as Meta's; clients must not read it. */
export function wamidOf(waId: string, id: string): string {
  const bytes = [
    Buffer.from([0x1c, 0x18, waId.length]),
    Buffer.from(waId),
    Buffer.from([0x15, 2, 0, 0x11, 0x18, id.length]),
  ];
  return `wamid.${Buffer.concat([...bytes, Buffer.from(id), Buffer.from([0])]).toString("base64")}`;
}

/** The id of something that a person sends: a function of what it is, so that a repetition is known as one. */
export function inboundId({ phone }: Person, what: string): string {
  return wamidOf(waIdOf(phone), shortHash(what).slice(0, 18).toUpperCase());
}

const firstNames = "Ana Luis María José Carmen Antonio Lucía Javier Elena Pablo Nuria Sergio Irene Ángel Begoña".split(
  " ",
);

/** The profile name; an invented one for people of whom the world says none. */
export function nameOf({ name, key }: Person): string {
  return name ?? firstNames[Number(key.slice(-4)) % firstNames.length] ?? "Ana";
}

export function unixSeconds(at: number): string {
  return String(Math.floor(at / 1_000));
}
