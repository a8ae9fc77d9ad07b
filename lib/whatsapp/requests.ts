import type { ButtonValue, CardValue, HeaderValue, ParameterValue, TemplateValues } from "./template-values";

export interface Addressed {
  /** E.164 with `+`, or a business-scoped user id such as `ES.1349…` (also `US.ENT.…`), which is never rewritten. */
  to: string;
  /** `individual` unless said otherwise; with `group`, `to` is a group's id. */
  recipientType?: "individual" | "group";
  /** wamid of the message that is answered. */
  replyTo?: string;
  /** At most 512 characters; comes back in every status of this message. */
  callbackData?: string;
  /** Meta refuses (137000) when the person's identity changed since this hash was reported. */
  identityKeyHash?: string;
}

export interface TemplateMessage extends Addressed, TemplateValues {
  template: string;
  language: string;
}

/** What `POST /{phone-number-id}/marketing_messages` takes beyond a template message. */
export interface MarketingOptions {
  /** `STRICT` fails (134102) where the account is not onboarded; the default goes out over the Cloud API instead. */
  productPolicy?: "CLOUD_API_FALLBACK" | "STRICT";
  /** Whether reads and clicks of this message are shared with Meta; the account's own setting when absent. */
  shareActivity?: boolean;
}

/** JSON body of `POST /{phone-number-id}/messages` or `/marketing_messages`. */
export type MessageRequest = Record<string, unknown>;

const USER_ID = /^[A-Z]{2}\./;
const MAX_CALLBACK_CHARACTERS = 512;

/** Builds the body for a template message (Meta: "Template messages"). Components without values are left out. */
export function templateRequest(message: TemplateMessage, marketing: MarketingOptions = {}): MessageRequest {
  const components = templateComponents(message);
  return {
    ...envelope(message),
    type: "template",
    template: {
      name: message.template,
      language: { code: message.language },
      ...(components.length > 0 && { components }),
    },
    ...(marketing.productPolicy && { product_policy: marketing.productPolicy }),
    ...(marketing.shareActivity !== undefined && { message_activity_sharing: marketing.shareActivity }),
  };
}

/** Builds the body for a free-form text: only inside the window that the person opened. */
export function textRequest({ text, ...message }: Addressed & { text: string }): MessageRequest {
  return { ...envelope(message), type: "text", text: { body: text } };
}

/** Marks a message, and those before it in the thread, as read; with `isTyping` the person sees us write for up to 25 s. */
export function readRequest(wamid: string, { isTyping = false } = {}): MessageRequest {
  return {
    messaging_product: "whatsapp",
    status: "read",
    message_id: wamid,
    ...(isTyping && { typing_indicator: { type: "text" } }),
  };
}

/**
 * The part of a body that is the same for every kind of message.
 * @throws RangeError when `callbackData` is longer than Meta takes: cut, it would no longer name our message
 */
export function envelope({ to, recipientType = "individual", replyTo, callbackData, identityKeyHash }: Addressed) {
  if ((callbackData?.length ?? 0) > MAX_CALLBACK_CHARACTERS)
    throw new RangeError("callbackData exceeds 512 characters");
  const isUser = recipientType === "individual" && USER_ID.test(to);
  return {
    messaging_product: "whatsapp",
    recipient_type: recipientType,
    ...(isUser ? { recipient: to } : { to }),
    ...(identityKeyHash !== undefined && { recipient_identity_key_hash: identityKeyHash }),
    ...(replyTo !== undefined && { context: { message_id: replyTo } }),
    ...(callbackData !== undefined && { biz_opaque_callback_data: callbackData }),
  };
}

function templateComponents({ header, body, buttons, offer, cards }: TemplateValues): object[] {
  return [
    ...valueComponents({ header, body }),
    ...(offer ? [offerComponent(offer.expiresAtMs)] : []),
    ...(buttons ?? []).map(buttonComponent),
    ...(cards ? [{ type: "carousel", cards: cards.map(cardOf) }] : []),
  ];
}

function valueComponents({ header, body }: CardValue): object[] {
  return [
    ...(header ? [{ type: "header", parameters: [headerParameter(header)] }] : []),
    ...(body?.length ? [{ type: "body", parameters: body.map(textParameter) }] : []),
  ];
}

function cardOf(card: CardValue, index: number) {
  return { card_index: index, components: [...valueComponents(card), ...(card.buttons ?? []).map(buttonComponent)] };
}

function headerParameter(header: HeaderValue) {
  switch (header.kind) {
    case "image":
    case "video":
    case "gif":
      return { type: header.kind, [header.kind]: header.media };
    case "document":
      return { type: "document", document: { ...header.media, ...(header.filename && { filename: header.filename }) } };
    case "location": {
      const { kind, ...location } = header;
      return { type: kind, location };
    }
    default:
      return textParameter(header);
  }
}

function textParameter({ text, name, format }: ParameterValue) {
  const clean = cleanParameter(text);
  const named = name ? { parameter_name: name } : {};
  if (!format) return { type: "text", ...named, text: clean };
  if (format.kind === "date_time") return { type: "date_time", ...named, date_time: { fallback_value: clean } };
  const currency = { fallback_value: clean, code: format.code, amount_1000: format.amount1000 };
  return { type: "currency", ...named, currency };
}

/** Meta refuses line breaks, tabs and more than four spaces in a row inside a parameter. */
function cleanParameter(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ").replace(/ {5,}/g, "    ");
}

function offerComponent(expiresAtMs: number) {
  const offer = { type: "limited_time_offer", limited_time_offer: { expiration_time_ms: expiresAtMs } };
  return { type: "limited_time_offer", parameters: [offer] };
}

function buttonComponent(button: ButtonValue) {
  return {
    type: "button",
    sub_type: button.kind,
    index: String(button.index),
    parameters: [buttonParameter(button)],
  };
}

function buttonParameter(button: ButtonValue) {
  switch (button.kind) {
    case "url":
      return { type: "text", text: button.suffix };
    case "quick_reply":
      return { type: "payload", payload: button.payload };
    case "copy_code":
      return { type: "coupon_code", coupon_code: button.code };
    case "flow":
      return {
        type: "action",
        action: {
          ...(button.token !== undefined && { flow_token: button.token }),
          ...(button.data && { flow_action_data: button.data }),
        },
      };
  }
}
