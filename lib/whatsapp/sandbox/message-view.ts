import * as z from "zod";
import { fillPlaceholders, isUrlButton, placeholdersOf, type TemplateButton, type TemplateParts } from "../components";
import { sentComponent } from "../sent-component";
import type { ShownMessage } from "./journal";

/** What a message shows on the recipient's phone, and the uploaded files that it needs for it. */
export interface View {
  text?: string;
  shown: ShownMessage;
  files: { id: string; kind: string }[];
  /** The link that the person's button opens. */
  link?: string;
  quickReplies: { text: string; payload: string }[];
}

const sentComponents = z.array(sentComponent);
type SentComponent = z.infer<typeof sentComponent>;
type Parameter = SentComponent["parameters"][number];
const media = z.looseObject({
  id: z.coerce.string().optional(),
  link: z.string().optional(),
  filename: z.string().optional(),
  caption: z.string().optional(),
});
const textual = z.object({ text: z.string() });

/** The view of a template message that was found valid. */
export function templateView(parts: TemplateParts, components: unknown, isNamed: boolean): View {
  const sent = sentComponents.catch([]).parse(components);
  const own = partView(parts, sent, isNamed);
  const given = sent.find(({ type }) => type === "carousel")?.cards ?? [];
  const cards = parts.cards?.map((card, index) => {
    const values = sentComponents.catch([]).parse(given.find((one) => one.card_index === index)?.components);
    return partView(card, values, isNamed);
  });
  const all = [own, ...(cards ?? [])];
  const buttons = all.flatMap((part) => part.buttons);
  return {
    shown: {
      ...own,
      footer: parts.footer?.text,
      ...(parts.offer && { offer: { text: parts.offer.text, expiresAtMs: offerEnd(sent) } }),
      ...(cards && { cards: cards.map(({ media, body, buttons }) => ({ media, body, buttons })) }),
    },
    files: all.flatMap((part) => (part.media?.id ? [{ id: part.media.id, kind: part.media.kind }] : [])),
    link: buttons.find(({ kind }) => kind === "url")?.url,
    quickReplies: buttons.flatMap(({ kind, text, payload }) =>
      kind === "quick_reply" ? [{ text, payload: payload ?? text }] : [],
    ),
  };
}

/** Header, body and buttons: of the template, or of one card. */
function partView({ header, body, buttons }: TemplateParts, sent: SentComponent[], isNamed: boolean) {
  const valuesOf = (type: string) => sent.find((one) => one.type === type)?.parameters ?? [];
  const fill = (text: string, values: Parameter[]) => fillPlaceholders(text, textsOf(text, values, isNamed));
  const [value] = valuesOf("header");
  const kind = header?.format.toLowerCase();
  return {
    ...(header?.format === "TEXT" && { header: fill(header.text, valuesOf("header")) }),
    ...(header?.format === "LOCATION" && { location: objectOf(value?.location) }),
    ...(kind && kind !== "text" && kind !== "location" && { media: shownMedia(kind, value?.[kind]) }),
    body: body && fill(body.text, valuesOf("body")),
    buttons: buttons.map((button, index) => shownButton(button, sent.find((one) => isFor(one, index))?.parameters[0])),
  };
}

function isFor({ type, index }: SentComponent, position: number): boolean {
  return type === "button" && index === position;
}

function textsOf(text: string, values: Parameter[], isNamed: boolean): Record<string, string> {
  const names = placeholdersOf(text);
  const pairs = values.map((value, index) => {
    const name = isNamed ? value.parameter_name : names.toSorted((one, other) => Number(one) - Number(other))[index];
    return [name ?? "", shownText(value)];
  });
  return Object.fromEntries(pairs);
}

function shownText(value: Parameter): string {
  if (typeof value.text === "string") return value.text;
  const fallback = z.object({ fallback_value: z.string() }).safeParse(value[value.type]);
  return fallback.data?.fallback_value ?? "";
}

function shownButton(button: TemplateButton, value: Parameter | undefined): ShownMessage["buttons"][number] {
  const kind = button.type.toLowerCase();
  const text = button.text ?? "";
  if (isUrlButton(button)) return { kind, text, url: fillPlaceholders(button.url, { "1": String(value?.text ?? "") }) };
  if (kind === "quick_reply") return { kind, text, payload: String(value?.payload ?? text) };
  if (value?.coupon_code !== undefined) return { kind, text, code: String(value.coupon_code) };
  return { kind, text };
}

function offerEnd(sent: SentComponent[]): number | undefined {
  const parameter = sent.find(({ type }) => type === "limited_time_offer")?.parameters[0];
  const end = z.object({ expiration_time_ms: z.coerce.number() }).safeParse(parameter?.limited_time_offer);
  return end.data?.expiration_time_ms;
}

const interactive = z.looseObject({
  header: z.looseObject({ text: z.string().optional() }).optional().catch(undefined),
  body: textual.optional().catch(undefined),
  footer: textual.optional().catch(undefined),
  action: z
    .looseObject({
      buttons: z.array(z.object({ reply: z.object({ id: z.string(), title: z.string() }) })).optional(),
      sections: z
        .array(z.object({ rows: z.array(z.object({ id: z.string(), title: z.string() })) }))
        .optional()
        .catch(undefined),
      parameters: z
        .looseObject({
          display_text: z.string().optional(),
          url: z.string().optional(),
          flow_cta: z.string().optional(),
        })
        .optional()
        .catch(undefined),
    })
    .catch({}),
});

/** The view of a free-form message that was found valid. */
export function freeFormView(type: string, content: unknown): View {
  const only = (text: string | undefined, shown: Omit<ShownMessage, "buttons">): View => ({
    ...{ text, shown: { ...shown, buttons: [] }, files: [], quickReplies: [] },
  });
  switch (type) {
    case "text": {
      const { body } = objectOf(content);
      return only(String(body), { body: String(body) });
    }
    case "reaction":
      return only(String(objectOf(content).emoji ?? ""), {});
    case "location":
      return only(undefined, { location: objectOf(content) });
    case "contacts":
      return only(undefined, { body: namesOf(content) });
    case "interactive":
      return interactiveView(content);
    default: {
      const file = shownMedia(type, content);
      const caption = media.safeParse(content).data?.caption;
      const files = file.id ? [{ id: file.id, kind: type }] : [];
      return { ...only(caption, { media: file, body: caption }), files };
    }
  }
}

function interactiveView(content: unknown): View {
  const { header, body, footer, action } = interactive.catch({ action: {} }).parse(content);
  const { display_text: label, url, flow_cta: flow } = action.parameters ?? {};
  const rows = action.sections?.flatMap((section) => section.rows) ?? [];
  const buttons = [
    ...(action.buttons ?? []).map(({ reply }) => ({ kind: "reply", text: reply.title, payload: reply.id })),
    ...rows.map(({ id, title }) => ({ kind: "list_row", text: title, payload: id })),
    ...(url === undefined ? [] : [{ kind: "url", text: label ?? "", url }]),
    ...(flow === undefined ? [] : [{ kind: "flow", text: flow }]),
  ];
  const shown = { header: header?.text, body: body?.text, footer: footer?.text, buttons };
  return { text: body?.text, shown, files: [], quickReplies: [] };
}

function namesOf(content: unknown): string {
  const people = z.array(z.object({ name: z.object({ formatted_name: z.string() }) })).safeParse(content);
  return people.data?.map(({ name }) => name.formatted_name).join(", ") ?? "";
}

function shownMedia(kind: string, content: unknown) {
  const { id, link, filename } = media.catch({}).parse(content);
  return { kind, ...(id && { id }), ...(link && { link }), ...(filename && { filename }) };
}

function objectOf(value: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).catch({}).parse(value);
}
