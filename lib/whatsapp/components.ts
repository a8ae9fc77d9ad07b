import * as z from "zod";

/** Types in component JSON are case-insensitive at Meta; inside they are upper case. */
const upper = z.string().transform((value) => value.toUpperCase());
const typed = <Name extends string>(name: Name) => upper.pipe(z.literal(name));
const namedExamples = z.array(z.object({ param_name: z.string(), example: z.string() }));
/** One or many; what is no text is as good as missing. */
const examples = z
  .union([z.array(z.string()), z.string().transform((one) => [one])])
  .optional()
  .catch(undefined);

const textHeader = z.object({
  format: typed("TEXT"),
  text: z.string(),
  example: z
    .looseObject({ header_text: z.array(z.string()).optional(), header_text_named_params: namedExamples.optional() })
    .optional(),
});
const mediaHeader = z.object({
  format: upper.pipe(z.enum(["IMAGE", "VIDEO", "DOCUMENT", "GIF"])),
  /** A handle when it is created; a temporary address when it is read back. */
  example: z.looseObject({ header_handle: z.array(z.string()).optional() }).optional(),
});
const locationHeader = z.object({ format: typed("LOCATION") });
const body = z.object({
  text: z.string(),
  example: z
    .looseObject({
      body_text: z.array(z.array(z.string())).optional(),
      body_text_named_params: namedExamples.optional(),
    })
    .optional(),
});
const footer = z.object({ text: z.string() });
const offer = z.object({ text: z.string(), has_expiration: z.boolean().default(false) });

const quickReplyButton = z.object({ type: typed("QUICK_REPLY"), text: z.string() });
const urlButton = z.object({ type: typed("URL"), text: z.string(), url: z.string(), example: examples });
const phoneButton = z.object({ type: typed("PHONE_NUMBER"), text: z.string(), phone_number: z.string() });
/** The label is Meta's own, in the language of the phone. */
const copyCodeButton = z.object({
  type: typed("COPY_CODE"),
  text: z.string().optional(),
  example: examples,
});
const flowButton = z.object({
  type: typed("FLOW"),
  text: z.string(),
  flow_id: z.coerce.string().optional(),
  flow_name: z.string().optional(),
  flow_json: z.string().optional(),
});
/** CATALOG, MPM, SPM, OTP, VOICE_CALL, REQUEST_CONTACT_INFO, whatever may follow, and those above without their parts. */
const otherButton = z.looseObject({ type: upper, text: z.string().optional() });
const button = z.union([quickReplyButton, urlButton, phoneButton, copyCodeButton, flowButton, otherButton]);

export type TemplateButton = z.infer<typeof button>;
export type UrlButton = z.infer<typeof urlButton>;
/** A header by its format; only a text has text. */
export type TemplateHeader =
  | z.infer<typeof textHeader>
  | (z.infer<typeof mediaHeader> & { text?: undefined })
  | (z.infer<typeof locationHeader> & { text?: undefined; example?: undefined });

/** The parts of a template, whatever the order and spelling of its components. */
export interface TemplateParts {
  header?: TemplateHeader;
  body?: z.infer<typeof body>;
  footer?: z.infer<typeof footer>;
  buttons: TemplateButton[];
  /** A limited-time offer. */
  offer?: z.infer<typeof offer>;
  /** Cards of a carousel, each with parts of its own. */
  cards?: TemplateParts[];
  /** Components of unknown types, and known ones that lack what their type needs. */
  others: { type: string }[];
}

const readers: Record<string, z.ZodType<Partial<TemplateParts>>> = {
  HEADER: z.union([textHeader, mediaHeader, locationHeader]).transform((header) => ({ header })),
  BODY: body.transform((text) => ({ body: text })),
  FOOTER: footer.transform((text) => ({ footer: text })),
  BUTTONS: z.object({ buttons: z.array(button) }),
  LIMITED_TIME_OFFER: z
    .object({ limited_time_offer: offer })
    .transform(({ limited_time_offer }) => ({ offer: limited_time_offer })),
  CAROUSEL: z
    .object({ cards: z.array(z.object({ components: z.unknown().transform(readComponents).pipe(partsShape()) })) })
    .transform(({ cards }) => ({ cards: cards.map(({ components }) => components) })),
};

function partsShape() {
  return z.custom<TemplateParts>((parts) => parts !== undefined);
}

/** Every message of a campaign asks for the parts of the same list. */
const readOnce = new WeakMap<object, TemplateParts>();

/**
 * Reads components as Meta stores them; `undefined` when the list is not one of components. A list is read once: it is
 * replaced when it changes, never changed in place, and neither are its parts.
 */
export function readComponents(components: unknown): TemplateParts | undefined {
  if (!Array.isArray(components)) return undefined;
  const known = readOnce.get(components) ?? readAnew(components);
  if (known) readOnce.set(components, known);
  return known;
}

function readAnew(components: unknown[]): TemplateParts | undefined {
  const list = z.array(z.looseObject({ type: upper })).safeParse(components);
  if (!list.success) return undefined;
  const parts: TemplateParts = { buttons: [], others: [] };
  for (const component of list.data) {
    const reader = Object.hasOwn(readers, component.type) ? readers[component.type] : undefined;
    const read = reader?.safeParse(component);
    if (read?.success) Object.assign(parts, read.data);
    else parts.others.push(component);
  }
  return parts;
}

export const isUrlButton = (one: TemplateButton): one is UrlButton =>
  one.type === "URL" && "url" in one && typeof one.url === "string";
export const isQuickReply = (one: TemplateButton): one is z.infer<typeof quickReplyButton> =>
  one.type === "QUICK_REPLY" && one.text !== undefined;
export const isPhoneButton = (one: TemplateButton): one is z.infer<typeof phoneButton> =>
  one.type === "PHONE_NUMBER" && "phone_number" in one && typeof one.phone_number === "string";
export const isCopyCode = (one: TemplateButton): one is z.infer<typeof copyCodeButton> => one.type === "COPY_CODE";
export const isFlowButton = (one: TemplateButton): one is z.infer<typeof flowButton> =>
  one.type === "FLOW" && one.text !== undefined;

/** Where Meta's button for a one-time code leads once it is stored: a link that ends in the code. */
export const OTP_LINK = "https://www.whatsapp.com/otp/code/";

/** The button that hands over a one-time code: `OTP` when it is created, a link of Meta's when it is read back. */
export const isCodeButton = (one: TemplateButton): boolean =>
  one.type === "OTP" || (isUrlButton(one) && one.url.startsWith(OTP_LINK));

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Names of the placeholders in order of first use: `1`, `2` (POSITIONAL) or `first_name` (NAMED). */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ""))];
}

/** The text with its values in place; `missing` is told of each placeholder without one, which stays visible. */
export function fillPlaceholders(
  text: string,
  given: Readonly<Record<string, string>>,
  missing?: (name: string) => void,
): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined) return value;
    missing?.(name);
    return whole;
  });
}

/** Values by placeholder name; for buttons by zero-based position: the end of a link, or the code to be copied. */
export interface PreviewValues {
  header?: Record<string, string>;
  body?: Record<string, string>;
  buttons?: Record<number, string>;
  /** By the position of the card in the carousel. */
  cards?: Omit<PreviewValues, "cards">[];
}

export interface PreviewButton {
  type: string;
  /** Empty where the label is Meta's own, as for COPY_CODE. */
  text: string;
  url?: string;
  phone?: string;
  code?: string;
}

export interface PreviewCard {
  header?: string;
  /** Kind of a header that is not text. */
  media?: "image" | "video" | "document" | "gif" | "location";
  body: string;
  buttons: PreviewButton[];
}

export interface Preview extends PreviewCard {
  footer?: string;
  /** A limited-time offer's heading; `expires`: a countdown stands next to it. */
  offer?: { text: string; expires: boolean };
  cards?: PreviewCard[];
  /** Placeholders without a value; they stay visible in the text. */
  missing: { part: "header" | "body" | "button"; name: string; card?: number }[];
}

const mediaKinds = { IMAGE: "image", VIDEO: "video", DOCUMENT: "document", GIF: "gif", LOCATION: "location" } as const;
const nothing: TemplateParts = { buttons: [], others: [] };

/** What a recipient sees: the template's parts with their values in place. */
export function previewTemplate(components: unknown, values: PreviewValues): Preview {
  const parts = readComponents(components) ?? nothing;
  const missing: Preview["missing"] = [];
  const cards = parts.cards?.map((card, index) =>
    filled(card, values.cards?.[index] ?? {}, (part, name) => missing.push({ part, name, card: index })),
  );
  return {
    ...filled(parts, values, (part, name) => missing.push({ part, name })),
    footer: parts.footer?.text,
    ...(parts.offer && { offer: { text: parts.offer.text, expires: parts.offer.has_expiration } }),
    ...(cards && { cards }),
    missing,
  };
}

type Missing = (part: Preview["missing"][number]["part"], name: string) => void;

function filled(parts: TemplateParts, values: PreviewValues, missing: Missing): PreviewCard {
  const { header, body } = parts;
  return {
    header: header?.text && fillPlaceholders(header.text, values.header ?? {}, (name) => missing("header", name)),
    ...(header && header.format !== "TEXT" && { media: mediaKinds[header.format] }),
    body: body ? fillPlaceholders(body.text, values.body ?? {}, (name) => missing("body", name)) : "",
    buttons: parts.buttons.map((button, index) => shownButton(button, values.buttons?.[index], missing)),
  };
}

function shownButton(button: TemplateButton, value: string | undefined, missing: Missing): PreviewButton {
  const shown = { type: button.type, text: button.text ?? "" };
  if (isUrlButton(button)) {
    const given: Record<string, string> = value === undefined ? {} : { "1": value };
    return { ...shown, url: fillPlaceholders(button.url, given, (name) => missing("button", name)) };
  }
  if (isPhoneButton(button)) return { ...shown, phone: button.phone_number };
  return isCopyCode(button) && value !== undefined ? { ...shown, code: value } : shown;
}
