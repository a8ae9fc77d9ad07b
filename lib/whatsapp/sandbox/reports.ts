import { shortHash } from "./draws";
import { titleOf } from "./graph-errors";
import { type People, type Person, type Received, waIdOf } from "./people";

export type ReportedStatus = "sent" | "delivered" | "read" | "failed";

/** A status as it stands in a webhook (v24 and later: without `conversation`). */
export function statusItem(
  { message, person }: Received,
  what: { status: ReportedStatus; at: number; hasPricing?: boolean; code?: number },
  userId: string,
) {
  return {
    id: message.wamid,
    status: what.status,
    timestamp: unixSeconds(what.at),
    recipient_id: waIdOf(person.phone),
    ...(what.code === undefined && { recipient_user_id: userId }), // Meta omits it when the send failed.
    ...(message.callbackData && { biz_opaque_callback_data: message.callbackData }),
    ...(what.hasPricing && {
      pricing: { billable: true, pricing_model: "PMP", type: "regular", category: message.category },
    }),
    ...(what.code && { errors: [statusError(what.code)] }),
  };
}

function statusError(code: number) {
  const title = titleOf(code);
  const href = "/documentation/business-messaging/whatsapp/support/error-codes";
  return { code, title, message: title, error_data: { details: title }, href };
}

export function contactOf(person: Person, people: People) {
  return {
    profile: { name: nameOf(person.phone) },
    wa_id: waIdOf(person.phone),
    user_id: people.userIdOf(person.phone),
  };
}

const optOutWords: Record<string, string[]> = {
  es: ["BAJA", "Baja por favor", "STOP", "no quiero recibir más mensajes", "Darme de baja"],
  en: ["STOP", "Stop please", "unsubscribe", "UNSUBSCRIBE", "stop"],
};
const friendlyWords: Record<string, string[]> = {
  es: ["¡Gracias! Me interesa 😊", "¿Hasta cuándo dura?", "¿Tenéis la talla M?", "Genial, esta tarde me paso"],
  en: ["Thanks! I’m interested 😊", "Until when is this valid?", "Do you have it in size M?", "Great, see you later"],
};
const OPT_OUT_BUTTON = /^OPT_OUT|baja|stop|unsubscribe|no recibir/i;
/** Of those who could tap, the share that does; the others write. */
const TAP_SHARE = 0.7;

/** What a person sends back: the tap of a button, or words. The id is a function of the message, so a repetition is known. */
export function answerMessage(
  { message, person }: Received,
  answer: { kind: "opt_out" | "friendly"; choice: number },
  { at, userId, businessNumber }: { at: number; userId: string; businessNumber: string },
) {
  const waId = waIdOf(person.phone);
  const frame = {
    from: waId,
    from_user_id: userId,
    id: wamidOf(waId, shortHash(`${message.wamid}:answer`).slice(0, 18).toUpperCase()),
    timestamp: unixSeconds(at),
  };
  const isOptOut = answer.kind === "opt_out";
  const button = message.quickReplies.find((one) => OPT_OUT_BUTTON.test(`${one.payload} ${one.text}`) === isOptOut);
  const context = { from: businessNumber, id: message.wamid };
  if (button && answer.choice < TAP_SHARE) {
    return { context, ...frame, type: "button", button: { payload: button.payload, text: button.text } };
  }
  const words = isOptOut ? optOutWords : friendlyWords;
  const choices = words[message.language?.slice(0, 2) ?? "es"] ?? words.en ?? [];
  const body = choices[Math.floor(((answer.choice * 10) % 1) * choices.length)] ?? "STOP";
  const quotes = answer.choice > 0.85;
  return { ...(quotes && { context }), ...frame, type: "text", text: { body } };
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

const firstNames = "Ana Luis María José Carmen Antonio Lucía Javier Elena Pablo Nuria Sergio Irene Ángel Begoña".split(
  " ",
);

/** An invented profile name. */
function nameOf(phone: string): string {
  return firstNames[Number(phone.slice(-4)) % firstNames.length] ?? "Ana";
}

function unixSeconds(at: number): string {
  return String(Math.floor(at / 1_000));
}
