import { type FreeFormContent, freeFormRequest, type InteractiveContent } from "@/lib/whatsapp/free-form";
import { type MessageRequest, readRequest, templateRequest } from "@/lib/whatsapp/requests";
import type { HeaderValue, MediaSource, ParameterValue, TemplateValues } from "@/lib/whatsapp/template-values";
import type { Json } from "./openapi";

// Reads a request of Meta's file into the words of the product, so that our builders can say it again.

// biome-ignore lint/suspicious/noExplicitAny: the examples are JSON of many shapes; a wrong guess fails the comparison.
type Example = any;

/** The request as our builders make it from what the example means. */
export function rebuilt(example: Example): MessageRequest {
  if (example.status === "read") {
    return readRequest(example.message_id, { isTyping: example.typing_indicator !== undefined });
  }
  const addressed = { to: example.to, replyTo: example.context?.message_id };
  if (example.type === "template") {
    const { name: template, language, components } = example.template;
    const values = { template, language: language.code, ...valuesOf(components ?? []) };
    const { product_policy: productPolicy, message_activity_sharing: shareActivity } = example;
    return templateRequest({ ...addressed, ...values }, { productPolicy, shareActivity });
  }
  return freeFormRequest({ ...addressed, ...contentOf(example) });
}

function contentOf(example: Example): FreeFormContent {
  const type = example.type ?? (example.interactive ? "interactive" : "text");
  const content = example[type];
  switch (type) {
    case "text":
      return { type, body: content.body, previewUrl: content.preview_url };
    case "image":
    case "video":
      return { type, media: sourceOf(content), caption: content.caption };
    case "audio":
      return { type, media: sourceOf(content), isVoice: content.voice };
    case "document":
      return { type, media: sourceOf(content), caption: content.caption, filename: content.filename };
    case "sticker":
      return { type, media: sourceOf(content) };
    case "reaction":
      return { type, messageId: content.message_id, emoji: content.emoji };
    case "location":
      return { type, location: placeOf(content) };
    case "contacts":
      return { type, contacts: content };
    case "interactive":
      return { type, interactive: interactiveOf(content) };
    default:
      throw new Error(`no words for ${type}`);
  }
}

function interactiveOf({ type, header, body, footer, action }: Example): InteractiveContent {
  const common = {
    body: body.text,
    footer: footer?.text,
    header: header && { kind: "text" as const, text: header.text },
  };
  if (type === "button") return { kind: type, ...common, buttons: action.buttons.map((one: Example) => one.reply) };
  if (type === "list") return { kind: type, ...common, button: action.button, sections: action.sections };
  if (type !== "flow") throw new Error(`no words for ${type}`);
  const { flow_id, flow_name, flow_cta, flow_token, flow_action, flow_action_payload, mode } = action.parameters;
  return {
    kind: type,
    ...common,
    flow: flow_id === undefined ? { name: flow_name } : { id: flow_id },
    label: flow_cta,
    token: flow_token,
    action: flow_action,
    payload: flow_action_payload,
    mode,
  };
}

function valuesOf(components: Example[]): TemplateValues {
  const of = (type: string) => components.filter((one) => one.type === type);
  const header = of("header")[0]?.parameters[0];
  return {
    header: header && headerOf(header),
    body: of("body")[0]?.parameters.map(parameterOf),
    buttons: of("button").map(({ sub_type, index, parameters: [parameter] }) =>
      sub_type === "flow"
        ? {
            kind: sub_type,
            index: Number(index),
            token: parameter.action.flow_token,
            data: parameter.action.flow_action_data,
          }
        : { kind: sub_type, index: Number(index), payload: parameter.payload },
    ),
  };
}

function headerOf(parameter: Example): HeaderValue {
  if (parameter.type !== "image") throw new Error(`no words for a header of type ${parameter.type}`);
  return { kind: "image", media: sourceOf(parameter.image) };
}

function parameterOf({ type, text, currency, date_time }: Example): ParameterValue {
  if (type === "text") return { text };
  if (type === "date_time") return { text: date_time.fallback_value, format: { kind: type } };
  return {
    text: currency.fallback_value,
    format: { kind: type, code: currency.code, amount1000: currency.amount_1000 },
  };
}

const sourceOf = ({ id, link }: Example): MediaSource => (id === undefined ? { link } : { id });

function placeOf({ latitude, longitude, name, address }: Example) {
  return { latitude: String(latitude), longitude: String(longitude), name, address };
}

const OLD_DATE_PARTS = new Set(["calendar", "year", "month", "day_of_month", "day_of_week", "hour", "minute"]);

/** The same request with what is the same at Meta written in one way. */
export function canonical(request: Json): Json {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([key, one]) => one !== undefined && !OLD_DATE_PARTS.has(key));
    return Object.fromEntries(kept.map(([key, one]) => [key, IN_TEXT.has(key) ? String(one) : plain(one)]));
  };
  const type = request.type ?? (request.interactive ? "interactive" : "text");
  const written = request.status === "read" ? request : { recipient_type: "individual", ...request, type };
  return plain(written) as Json; // An object stays one.
}

/** Taken by Meta as numbers and as text. */
const IN_TEXT = new Set(["index", "latitude", "longitude"]);
