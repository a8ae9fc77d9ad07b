import * as z from "zod";
import { buttonRules } from "./button-value-rules";
import { fillPlaceholders, placeholdersOf, type TemplateHeader, type TemplateParts } from "./components";
import type { MessagePlace, MessageProblem } from "./message-problem";
import { type SentComponent, type SentParameter, sentComponent, UNSENDABLE } from "./sent-component";
import { lengthOf, templateLimits } from "./template-problem";

const KNOWN = new Set(
  "header body footer button limited_time_offer carousel order_status tap_target_configuration".split(" "),
);

/** Rules of 2.3 for the values of a message, against the parts of its template; the first problem is the API's. */
export function* componentRules(
  parts: TemplateParts,
  sent: readonly SentComponent[],
  isNamed: boolean,
): Generator<MessageProblem> {
  const unknown = sent.find(({ type }) => !KNOWN.has(type));
  if (unknown) yield { code: "component_unknown", params: { sent: unknown.type } };
  yield* partRules(parts, sent, { isNamed, bodyLimit: parts.offer ? templateLimits.offerBody : templateLimits.body });
  yield* offerRules(parts, sent);
  yield* carouselRules(parts, sent, isNamed);
}

/** Header, body and buttons: of the template, or of one card. */
function* partRules(
  { header, body, buttons }: TemplateParts,
  sent: readonly SentComponent[],
  { isNamed, bodyLimit }: { isNamed: boolean; bodyLimit: number },
): Generator<MessageProblem> {
  const valuesOf = (type: string) => sent.filter((one) => one.type === type).flatMap((one) => one.parameters);
  if (header && header.format !== "TEXT") yield* mediaRules(header.format, valuesOf("header"));
  else {
    const text = header?.text ?? "";
    yield* textRules("header", { text, limit: templateLimits.header, isNamed }, valuesOf("header"));
  }
  yield* textRules("body", { text: body?.text ?? "", limit: bodyLimit, isNamed }, valuesOf("body"));
  yield* buttonRules(
    buttons,
    sent.filter(({ type }) => type === "button"),
  );
}

function* textRules(
  at: MessagePlace,
  template: { text: string; limit: number; isNamed: boolean },
  values: readonly SentParameter[],
): Generator<MessageProblem> {
  const names = placeholdersOf(template.text);
  if (values.length !== names.length) {
    yield { code: "parameter_count", at, params: { sent: values.length, expected: names.length } };
  }
  const given: Record<string, string> = {};
  for (const [index, value] of values.entries()) {
    yield* valueRules(at, value);
    const name = template.isNamed ? (value.parameter_name ?? "") : String(index + 1);
    if (!names.includes(name) || Object.hasOwn(given, name)) {
      yield { code: "parameter_name", at, params: { name } };
    }
    given[name] = shownText(value) ?? "";
  }
  const length = lengthOf(fillPlaceholders(template.text, given));
  if (length > template.limit) yield { code: "text_too_long", at, params: { sent: length, limit: template.limit } };
}

function* valueRules(at: MessagePlace, value: SentParameter): Generator<MessageProblem> {
  if (!["text", "currency", "date_time"].includes(value.type)) {
    yield { code: "parameter_kind", at, params: { expected: "TEXT", sent: value.type.toUpperCase() } };
  }
  const text = shownText(value);
  if (!text) yield { code: "parameter_missing", at, params: { expected: value.type } };
  else if (UNSENDABLE.test(text)) yield { code: "parameter_format", at, params: {} };
}

const currency = z.object({ fallback_value: z.string(), code: z.string().min(1), amount_1000: z.coerce.number() });
const dateTime = z.object({ fallback_value: z.string() });

/** What people read where the value stands; undefined when it is not there. */
function shownText(value: SentParameter): string | undefined {
  if (value.type === "currency") return currency.safeParse(value.currency).data?.fallback_value;
  if (value.type === "date_time") return dateTime.safeParse(value.date_time).data?.fallback_value;
  return typeof value.text === "string" ? value.text : undefined;
}

const file = z.union([z.object({ id: z.coerce.string().min(1) }), z.object({ link: z.string().min(1) })]);
const place = z.object({
  latitude: z.coerce.number().min(-90).max(90),
  longitude: z.coerce.number().min(-180).max(180),
});

function* mediaRules(
  format: Exclude<TemplateHeader["format"], "TEXT">,
  values: readonly SentParameter[],
): Generator<MessageProblem> {
  const [value] = values;
  const type = value?.type.toUpperCase() ?? "UNKNOWN";
  if (!value || type !== format)
    yield { code: "parameter_kind", at: "header", params: { expected: format, sent: type } };
  if (values.length > 1) yield { code: "parameter_count", at: "header", params: { sent: values.length, expected: 1 } };
  const kind = format.toLowerCase();
  const shape = format === "LOCATION" ? place : file;
  if (!shape.safeParse(value?.[kind]).success) {
    yield { code: "parameter_missing", at: "header", params: { expected: kind } };
  }
}

const offerEnd = z.object({ expiration_time_ms: z.coerce.number().int().positive() });

function* offerRules({ offer }: TemplateParts, sent: readonly SentComponent[]): Generator<MessageProblem> {
  const component = sent.find(({ type }) => type === "limited_time_offer");
  if (!offer) {
    if (component) yield { code: "offer_not_in_template", at: "offer", params: {} };
    return;
  }
  const [value] = component?.parameters ?? [];
  if (value && value.type !== "limited_time_offer") {
    const kinds = { expected: "LIMITED_TIME_OFFER", sent: value.type.toUpperCase() };
    yield { code: "parameter_kind", at: "offer", params: kinds };
  }
  if (offer.has_expiration && !offerEnd.safeParse(value?.limited_time_offer).success) {
    yield { code: "offer_end_missing", at: "offer", params: {} };
  }
}

function* carouselRules(
  { cards: expected = [] }: TemplateParts,
  sent: readonly SentComponent[],
  isNamed: boolean,
): Generator<MessageProblem> {
  const cards = sent.find(({ type }) => type === "carousel")?.cards ?? [];
  if (cards.length !== expected.length) {
    yield { code: "card_count", at: "cards", params: { sent: cards.length, expected: expected.length } };
  }
  for (const [index, parts] of expected.entries()) {
    const components = z
      .array(sentComponent)
      .safeParse(cards.find(({ card_index }) => card_index === index)?.components);
    if (!components.success) {
      yield { code: "card_index", at: "cards", params: {} };
      return;
    }
    const rules = partRules(parts, components.data, { isNamed, bodyLimit: templateLimits.cardBody });
    for (const problem of rules) yield { ...problem, card: index };
  }
}
