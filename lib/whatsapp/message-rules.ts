import * as z from "zod";
import { componentRules } from "./component-rules";
import { readComponents } from "./components";
import { type FreeFormType, freeFormRules, freeFormTypes } from "./free-form-rules";
import type { MessageProblem } from "./message-problem";
import { sentComponent } from "./sent-component";

/** A template as far as a send is checked against it; graph.ts's `Template` is one. */
export interface SendableTemplate {
  status: string;
  category: string;
  parameter_format?: string;
  components?: unknown;
}

export type SendEndpoint = "messages" | "marketing_messages";

/** What the API knows when a message comes in. */
export interface SendSurroundings {
  endpoint: SendEndpoint;
  findTemplate: (name: string, language: string) => SendableTemplate | undefined;
  /** The account's `disable_marketing_messages_on_cloud_api`. */
  isMarketingOffOnCloudApi?: boolean;
}

const MAX_CALLBACK_CHARACTERS = 512;

const envelope = z.looseObject({
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.enum(["individual", "group"]).default("individual"),
  to: z.union([z.string(), z.number().transform(String)]).optional(),
  recipient: z.string().optional(),
  type: z.string().default("text"),
  context: z.unknown().optional(),
  biz_opaque_callback_data: z.string().optional(),
});
type Envelope = z.infer<typeof envelope>;
const reply = z.object({ message_id: z.string().min(1) });

const templateName = z.object({ name: z.string().min(1), language: z.object({ code: z.string().min(1) }) });
const templateComponents = z.array(sentComponent).default([]);

/**
 * The API's verdict on the body of a send, as far as the body alone decides it: undefined when it would be taken. Pure,
 * and the same for the client (before the call) and for the sandbox (instead of Meta). Limits, windows, quality and
 * whether the recipient exists are not looked at.
 */
export function checkRequest(body: unknown, surroundings: SendSurroundings): MessageProblem | undefined {
  return firstOf(requestRules(body, surroundings));
}

/** The same for a template message whose template is at hand; undefined stands for a template that does not exist. */
export function checkMessage(
  template: Omit<SendableTemplate, "category"> | undefined,
  body: unknown,
): MessageProblem | undefined {
  return firstOf(templateRules(template, objectOf(body)?.template));
}

function firstOf(rules: Generator<MessageProblem>): MessageProblem | undefined {
  const { value, done } = rules.next();
  return done ? undefined : value;
}

function* requestRules(body: unknown, surroundings: SendSurroundings): Generator<MessageProblem> {
  const read = envelope.safeParse(body);
  if (!read.success) {
    const hasProduct = objectOf(body)?.messaging_product === "whatsapp";
    return yield { code: hasProduct ? "request_malformed" : "product_missing", params: {} };
  }
  const { type, ...message } = read.data;
  yield* envelopeRules(read.data);
  if (surroundings.endpoint === "marketing_messages" && type !== "template") {
    yield { code: "template_only", params: {} };
  }
  if (type === "template") return yield* accountRules(message.template, message, surroundings);
  if (!isFreeForm(type)) return yield { code: "type_unknown", params: { sent: type } };
  if (type === "reaction" && message.context) yield { code: "reply_not_allowed", params: {} };
  yield* freeFormRules(type, message[type]);
}

function isFreeForm(type: string): type is FreeFormType {
  return freeFormTypes.some((known) => known === type);
}

function* envelopeRules(message: Envelope): Generator<MessageProblem> {
  const { to, recipient, recipient_type, biz_opaque_callback_data: callback = "" } = message;
  if (!to && !recipient) yield { code: "to_missing", params: {} };
  if (to && recipient_type === "individual" && !/^[1-9]\d{6,14}$/.test(to.replace(/[+\s()-]/g, ""))) {
    yield { code: "to_invalid", params: {} };
  }
  if (message.context && !reply.safeParse(message.context).success) {
    yield { code: "value_invalid", params: { field: "context.message_id" } };
  }
  if (callback.length > MAX_CALLBACK_CHARACTERS) {
    yield { code: "callback_too_long", params: { limit: MAX_CALLBACK_CHARACTERS } };
  }
}

/** Whether this template may go this way at all. */
function* accountRules(
  content: unknown,
  message: Pick<Envelope, "to" | "recipient">,
  { endpoint, findTemplate, isMarketingOffOnCloudApi }: SendSurroundings,
): Generator<MessageProblem> {
  const named = templateName.safeParse(content).data;
  const template = named && findTemplate(named.name, named.language.code);
  const category = template?.category.toUpperCase();
  if (template?.status === "APPROVED") {
    const isMarketing = category === "MARKETING";
    if (endpoint === "marketing_messages" && !isMarketing) yield { code: "marketing_only", params: {} };
    if (endpoint === "messages") {
      if (isMarketing && isMarketingOffOnCloudApi) yield { code: "marketing_elsewhere", params: {} };
      if (readComponents(template.components)?.header?.format === "GIF")
        yield { code: "gif_elsewhere", at: "header", params: {} };
    }
    if (category === "AUTHENTICATION" && !message.to) yield { code: "user_id_unsupported", params: {} };
  }
  yield* templateRules(template, content);
}

function* templateRules(
  template: Omit<SendableTemplate, "category"> | undefined,
  content: unknown,
): Generator<MessageProblem> {
  const named = templateName.safeParse(content).data;
  if (!named) return yield unnamed(content);
  yield* statusRules(template, { name: named.name, language: named.language.code });
  const components = templateComponents.safeParse(objectOf(content)?.components);
  if (!components.success) return yield { code: "request_malformed", params: {} };
  const parts = readComponents(template?.components);
  const isNamed = template?.parameter_format?.toUpperCase() === "NAMED";
  if (parts) yield* componentRules(parts, components.data, isNamed);
}

function unnamed(content: unknown): MessageProblem {
  const sent = objectOf(content);
  if (!sent) return { code: "content_missing", params: { field: "template" } };
  const field = typeof sent.name === "string" && sent.name ? "template.language.code" : "template.name";
  return { code: "value_missing", params: { field } };
}

function* statusRules(
  template: Pick<SendableTemplate, "status"> | undefined,
  params: { name: string; language: string },
): Generator<MessageProblem> {
  if (!template) yield { code: "template_missing", params };
  else if (template.status === "PAUSED") yield { code: "template_paused", params };
  else if (template.status === "DISABLED") yield { code: "template_disabled", params };
  else if (template.status !== "APPROVED") yield { code: "template_not_approved", params };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
