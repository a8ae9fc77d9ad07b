/** One value for a placeholder; `name` only for templates with NAMED parameters. */
export interface ParameterValue {
  text: string;
  name?: string;
}

/** Values for a button, at its zero-based position in the template. */
export type ButtonValue =
  | { kind: "url"; index: number; suffix: string }
  | { kind: "quick_reply"; index: number; payload: string };

export interface TemplateMessage {
  /** E.164 with `+`, or a business-scoped user id such as `ES.1349…`, which is never rewritten. */
  to: string;
  template: string;
  language: string;
  header?: ParameterValue;
  body?: ParameterValue[];
  buttons?: ButtonValue[];
  /** At most 512 characters; comes back in every status of this message. */
  callbackData?: string;
}

export interface TextMessage {
  to: string;
  text: string;
  /** wamid of the message that is answered. */
  replyTo?: string;
  callbackData?: string;
}

/** JSON body of `POST /{phone-number-id}/messages`. */
export type MessageRequest = Record<string, unknown>;

const USER_ID = /^[A-Z]{2}\./;
const MAX_CALLBACK_CHARACTERS = 512;

/** Builds the body for a template message (Meta: "Template messages"). Components without values are left out. */
export function templateRequest(message: TemplateMessage): MessageRequest {
  const components: unknown[] = [];
  if (message.header) components.push({ type: "header", parameters: [textParameter(message.header)] });
  if (message.body?.length) components.push({ type: "body", parameters: message.body.map(textParameter) });
  for (const button of message.buttons ?? []) components.push(buttonComponent(button));
  return {
    ...envelope(message.to),
    type: "template",
    template: {
      name: message.template,
      language: { code: message.language },
      ...(components.length > 0 && { components }),
    },
    ...callback(message.callbackData),
  };
}

/** Builds the body for a free-form text, which is only delivered inside the 24 h customer service window. */
export function textRequest(message: TextMessage): MessageRequest {
  return {
    ...envelope(message.to),
    ...(message.replyTo && { context: { message_id: message.replyTo } }),
    type: "text",
    text: { body: message.text, preview_url: false },
    ...callback(message.callbackData),
  };
}

function envelope(to: string) {
  const address = USER_ID.test(to) ? { recipient: to } : { to };
  return { messaging_product: "whatsapp", recipient_type: "individual", ...address };
}

function callback(data: string | undefined) {
  if (data === undefined) return {};
  if (data.length > MAX_CALLBACK_CHARACTERS) throw new RangeError("callbackData exceeds 512 characters");
  return { biz_opaque_callback_data: data };
}

/** Meta refuses line breaks, tabs and more than four spaces in a row inside a parameter. */
function textParameter({ text, name }: ParameterValue) {
  const clean = text.replace(/[\r\n\t]+/g, " ").replace(/ {5,}/g, "    ");
  return { type: "text", ...(name && { parameter_name: name }), text: clean };
}

function buttonComponent(button: ButtonValue) {
  const parameter =
    button.kind === "url" ? { type: "text", text: button.suffix } : { type: "payload", payload: button.payload };
  return { type: "button", sub_type: button.kind, index: String(button.index), parameters: [parameter] };
}
