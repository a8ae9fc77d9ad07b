import { type Addressed, envelope, type MessageRequest } from "./requests";
import type { LocationValue, MediaSource } from "./template-values";

/** A contact card in Meta's own shape ("Contacts messages"). */
export interface ContactCard {
  name: {
    formatted_name: string;
    first_name?: string;
    last_name?: string;
    middle_name?: string;
    prefix?: string;
    suffix?: string;
  };
  phones?: { phone: string; type?: string; wa_id?: string }[];
  emails?: { email: string; type?: string }[];
  urls?: { url: string; type?: string }[];
  addresses?: {
    street?: string;
    city?: string;
    state?: string;
    zip?: string;
    country?: string;
    country_code?: string;
    type?: string;
  }[];
  org?: { company?: string; department?: string; title?: string };
  /** `YYYY-MM-DD`. */
  birthday?: string;
}

/** Above the body of an interactive message; a list takes text only. */
export type InteractiveHeader =
  | { kind: "text"; text: string }
  | { kind: "image" | "video"; media: MediaSource }
  | { kind: "document"; media: MediaSource; filename?: string };

interface InteractiveText {
  header?: InteractiveHeader;
  body: string;
  footer?: string;
}

export type InteractiveContent =
  | (InteractiveText & { kind: "button"; buttons: { id: string; title: string }[] })
  | (InteractiveText & {
      kind: "list";
      button: string;
      sections: { title?: string; rows: { id: string; title: string; description?: string }[] }[];
    })
  | (InteractiveText & { kind: "cta_url"; label: string; url: string })
  | (InteractiveText & {
      kind: "flow";
      flow: { id: string } | { name: string };
      label: string;
      token?: string;
      action?: "navigate" | "data_exchange";
      payload?: Record<string, unknown>;
      mode?: "draft" | "published";
    })
  /** Asks for the phone number of a person who is known by user id only. */
  | (InteractiveText & { kind: "contact_request" });

/** What can be sent freely, but only within 24 hours of the person's last message or call (else 131047). */
export type FreeFormContent =
  | { type: "text"; body: string; previewUrl?: boolean }
  | { type: "image" | "video"; media: MediaSource; caption?: string }
  | { type: "audio"; media: MediaSource; isVoice?: boolean }
  | { type: "document"; media: MediaSource; filename?: string; caption?: string }
  | { type: "sticker"; media: MediaSource }
  /** An empty emoji takes the reaction back. A reaction cannot answer a message (`replyTo`): it names its own. */
  | { type: "reaction"; messageId: string; emoji: string }
  | { type: "location"; location: LocationValue }
  | { type: "contacts"; contacts: ContactCard[] }
  | { type: "interactive"; interactive: InteractiveContent };

export type FreeFormMessage = Addressed & FreeFormContent;

/** Builds the body for a free-form message. */
export function freeFormRequest(message: FreeFormMessage): MessageRequest {
  return { ...envelope(message), type: message.type, [message.type]: contentOf(message) };
}

function contentOf(message: FreeFormContent): unknown {
  switch (message.type) {
    case "text":
      return { ...given({ preview_url: message.previewUrl }), body: message.body };
    case "image":
    case "video":
      return { ...message.media, ...given({ caption: message.caption }) };
    case "audio":
      return { ...message.media, ...given({ voice: message.isVoice }) };
    case "document":
      return { ...message.media, ...given({ filename: message.filename, caption: message.caption }) };
    case "sticker":
      return { ...message.media };
    case "reaction":
      return { message_id: message.messageId, emoji: message.emoji };
    case "location":
      return { ...message.location };
    case "contacts":
      return message.contacts;
    case "interactive":
      return interactiveOf(message.interactive);
  }
}

function interactiveOf(content: InteractiveContent) {
  return {
    type: content.kind,
    ...(content.header && { header: interactiveHeader(content.header) }),
    body: { text: content.body },
    ...(content.footer !== undefined && { footer: { text: content.footer } }),
    action: actionOf(content),
  };
}

function interactiveHeader(header: InteractiveHeader) {
  if (header.kind === "text") return { type: "text", text: header.text };
  const filename = header.kind === "document" ? header.filename : undefined;
  return { type: header.kind, [header.kind]: { ...header.media, ...given({ filename }) } };
}

function actionOf(content: InteractiveContent) {
  switch (content.kind) {
    case "button":
      return { buttons: content.buttons.map((reply) => ({ type: "reply", reply })) };
    case "list":
      return { button: content.button, sections: content.sections };
    case "cta_url":
      return { name: "cta_url", parameters: { display_text: content.label, url: content.url } };
    case "flow":
      return { name: "flow", parameters: flowParameters(content) };
    case "contact_request":
      return { name: "request_contact_info" };
  }
}

function flowParameters({ flow, label, token, action, payload, mode }: InteractiveContent & { kind: "flow" }) {
  return {
    flow_message_version: "3",
    ...("id" in flow ? { flow_id: flow.id } : { flow_name: flow.name }),
    flow_cta: label,
    ...given({ flow_token: token, flow_action: action, flow_action_payload: payload, mode }),
  };
}

/** Without the keys that have no value: Meta takes an absent field, not an empty one. */
function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
