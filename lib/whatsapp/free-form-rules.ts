import * as z from "zod";
import type { MessageProblem } from "./message-problem";
import { lengthOf } from "./template-problem";

/** Kinds of free-form messages (2.4). */
export const freeFormTypes = [
  "text",
  "image",
  "audio",
  "video",
  "document",
  "sticker",
  "location",
  "contacts",
  "interactive",
  "reaction",
] as const;
export type FreeFormType = (typeof freeFormTypes)[number];

const limits = {
  text: 4096,
  body: 1024,
  listBody: 4096,
  header: 60,
  footer: 60,
  buttons: 3,
  buttonTitle: 20,
  buttonId: 256,
  sections: 10,
  rows: 10,
  sectionTitle: 24,
  rowTitle: 24,
  rowDescription: 72,
  rowId: 200,
} as const;

/** Interactive kinds that Meta has and the product does not send; taken as they come. */
const OTHER_INTERACTIVE = new Set(
  (
    "product product_list catalog_message location_request_message address_message order_details order_status " +
    "call_permission_request voice_call carousel"
  ).split(" "),
);

const open = z.record(z.string(), z.unknown());
type Open = z.infer<typeof open>;
const objectOf = (value: unknown): Open => open.safeParse(value).data ?? {};
const listOf = (value: unknown): Open[] => (Array.isArray(value) ? value.map(objectOf) : []);

/** Rules of 2.4 for the content of a free-form message. */
export function* freeFormRules(type: FreeFormType, content: unknown): Generator<MessageProblem> {
  if (typeof content !== "object" || content === null) yield { code: "content_missing", params: { field: type } };
  const value = objectOf(content);
  switch (type) {
    case "text":
      return yield* textRules("text.body", value.body, limits.text);
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return yield* mediaRules(type, value);
    case "reaction":
      yield* textRules("reaction.message_id", value.message_id);
      if (typeof value.emoji !== "string") yield missing("reaction.emoji");
      return;
    case "location":
      yield* degreeRules("location.latitude", value.latitude, 90);
      return yield* degreeRules("location.longitude", value.longitude, 180);
    case "contacts":
      return yield* contactRules(content);
    case "interactive":
      return yield* interactiveRules(value);
  }
}

function missing(field: string): MessageProblem {
  return { code: "value_missing", params: { field } };
}

function invalid(field: string): MessageProblem {
  return { code: "value_invalid", params: { field } };
}

/** A text that must be there, and no longer than `limit`. */
function* textRules(field: string, value: unknown, limit = Number.POSITIVE_INFINITY): Generator<MessageProblem> {
  if (value === undefined || value === null || value === "") return yield missing(field);
  if (typeof value !== "string") return yield invalid(field);
  if (lengthOf(value) > limit) yield { code: "value_too_long", params: { field, limit } };
}

function* optionalTextRules(field: string, value: unknown, limit: number): Generator<MessageProblem> {
  if (value !== undefined) yield* textRules(field, value, limit);
}

/** One to `limit` entries. */
function* listRules(field: string, list: readonly unknown[], limit: number): Generator<MessageProblem> {
  if (list.length === 0) yield missing(field);
  if (list.length > limit) yield { code: "too_many_values", params: { field, limit } };
}

function* mediaRules(field: string, { id, link }: Open): Generator<MessageProblem> {
  if (!id && !link) yield missing(`${field}.id`);
  if (id && typeof id !== "string" && typeof id !== "number") yield invalid(`${field}.id`);
  if (!id && link && !isWebAddress(link)) yield invalid(`${field}.link`);
}

function isWebAddress(value: unknown): boolean {
  return typeof value === "string" && /^https?:/i.test(value) && URL.canParse(value);
}

function* degreeRules(field: string, value: unknown, most: number): Generator<MessageProblem> {
  if (value === undefined || value === null || value === "") return yield missing(field);
  const isOne = typeof value === "string" || typeof value === "number";
  if (!isOne || !(Math.abs(Number(value)) <= most)) yield invalid(field);
}

function* contactRules(content: unknown): Generator<MessageProblem> {
  const contacts = listOf(content);
  if (contacts.length === 0) yield missing("contacts");
  for (const contact of contacts) {
    yield* textRules("contacts.name.formatted_name", objectOf(contact.name).formatted_name);
  }
}

function* interactiveRules(interactive: Open): Generator<MessageProblem> {
  const { type } = interactive;
  if (typeof type !== "string") return yield missing("interactive.type");
  if (OTHER_INTERACTIVE.has(type)) return;
  const action = objectOf(interactive.action);
  switch (type) {
    case "button":
      yield* frameRules(interactive, limits.body);
      return yield* replyRules(listOf(action.buttons));
    case "list":
      yield* frameRules(interactive, limits.listBody, ["text"]);
      yield* textRules("interactive.action.button", action.button, limits.buttonTitle);
      return yield* sectionRules(listOf(action.sections));
    case "cta_url":
      yield* frameRules(interactive, limits.body);
      return yield* linkRules(objectOf(action.parameters));
    case "flow":
      yield* frameRules(interactive, limits.body);
      return yield* flowRules(objectOf(action.parameters));
    case "contact_request":
      yield* frameRules(interactive, limits.body);
      if (action.name !== "request_contact_info") yield invalid("interactive.action.name");
      return;
    default:
      yield invalid("interactive.type");
  }
}

/** Header, body and footer of an interactive message. */
function* frameRules(
  { header, body, footer }: Open,
  bodyLimit: number,
  headerTypes: readonly string[] = ["text", "image", "video", "document"],
): Generator<MessageProblem> {
  if (header !== undefined) {
    const { type, ...content } = objectOf(header);
    if (typeof type !== "string" || !headerTypes.includes(type)) return yield invalid("interactive.header.type");
    if (type === "text") yield* textRules("interactive.header.text", content.text, limits.header);
    else yield* mediaRules(`interactive.header.${type}`, objectOf(content[type]));
  }
  yield* textRules("interactive.body.text", objectOf(body).text, bodyLimit);
  if (footer !== undefined) yield* textRules("interactive.footer.text", objectOf(footer).text, limits.footer);
}

function* replyRules(buttons: readonly Open[]): Generator<MessageProblem> {
  const field = "interactive.action.buttons";
  yield* listRules(field, buttons, limits.buttons);
  for (const button of buttons) {
    const reply = objectOf(button.reply);
    if (button.type !== "reply") yield invalid(`${field}.type`);
    yield* textRules(`${field}.reply.id`, reply.id, limits.buttonId);
    yield* textRules(`${field}.reply.title`, reply.title, limits.buttonTitle);
  }
}

function* sectionRules(sections: readonly Open[]): Generator<MessageProblem> {
  const field = "interactive.action.sections";
  yield* listRules(field, sections, limits.sections);
  const rows = sections.flatMap((section) => listOf(section.rows));
  yield* listRules(`${field}.rows`, rows, limits.rows);
  for (const { title } of sections) yield* optionalTextRules(`${field}.title`, title, limits.sectionTitle);
  for (const row of rows) {
    yield* textRules(`${field}.rows.id`, row.id, limits.rowId);
    yield* textRules(`${field}.rows.title`, row.title, limits.rowTitle);
    yield* optionalTextRules(`${field}.rows.description`, row.description, limits.rowDescription);
  }
}

function* linkRules({ display_text, url }: Open): Generator<MessageProblem> {
  const field = "interactive.action.parameters";
  yield* textRules(`${field}.display_text`, display_text, limits.buttonTitle);
  yield* textRules(`${field}.url`, url);
  if (!isWebAddress(url)) yield invalid(`${field}.url`);
}

function* flowRules({ flow_id, flow_name, flow_cta, flow_message_version }: Open): Generator<MessageProblem> {
  const field = "interactive.action.parameters";
  if (flow_message_version === undefined) yield missing(`${field}.flow_message_version`);
  if (!flow_id && !flow_name) yield missing(`${field}.flow_id`);
  yield* textRules(`${field}.flow_cta`, flow_cta);
}
