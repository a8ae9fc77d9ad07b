import * as z from "zod";

/** Types in component JSON are case-insensitive at Meta. */
const typed = <Name extends string>(name: Name) =>
  z.preprocess((value) => (typeof value === "string" ? value.toUpperCase() : value), z.literal(name));

const namedExamples = z.array(z.object({ param_name: z.string(), example: z.string() }));

const textHeader = z.object({
  type: typed("HEADER"),
  format: typed("TEXT"),
  text: z.string(),
  example: z
    .looseObject({ header_text: z.array(z.string()).optional(), header_text_named_params: namedExamples.optional() })
    .optional(),
});
const body = z.object({
  type: typed("BODY"),
  text: z.string(),
  example: z
    .looseObject({
      body_text: z.array(z.array(z.string())).optional(),
      body_text_named_params: namedExamples.optional(),
    })
    .optional(),
});
const footer = z.object({ type: typed("FOOTER"), text: z.string() });
const quickReplyButton = z.object({ type: typed("QUICK_REPLY"), text: z.string() });
const urlButton = z.object({
  type: typed("URL"),
  text: z.string(),
  url: z.string(),
  example: z.union([z.array(z.string()), z.string().transform((one) => [one])]).optional(),
});
const phoneButton = z.object({ type: typed("PHONE_NUMBER"), text: z.string(), phone_number: z.string() });
const otherButton = z.looseObject({ type: z.string(), text: z.string().optional() });
const button = z.union([quickReplyButton, urlButton, phoneButton, otherButton]);
const buttons = z.object({ type: typed("BUTTONS"), buttons: z.array(button) });
/** Media headers, carousels, offers: kept as they are, shown by their name. */
const otherComponent = z.looseObject({ type: z.string(), format: z.string().optional() });

const templateComponent = z.union([textHeader, body, footer, buttons, otherComponent]);
type TemplateComponent = z.infer<typeof templateComponent>;
export type TemplateButton = z.infer<typeof button>;
type TextHeader = z.infer<typeof textHeader>;
type Body = z.infer<typeof body>;
type Footer = z.infer<typeof footer>;
export type UrlButton = z.infer<typeof urlButton>;

/** The parts of a template that people read, whatever the order and spelling of its components. */
export interface TemplateParts {
  header?: TextHeader;
  body?: Body;
  footer?: Footer;
  buttons: TemplateButton[];
  others: { type: string }[];
}

/** Reads components as Meta stores them; `undefined` when the list is not one of components. */
export function readComponents(components: unknown): TemplateParts | undefined {
  const read = z.array(templateComponent).safeParse(components);
  if (!read.success) return undefined;
  const parts: TemplateParts = { buttons: [], others: [] };
  for (const component of read.data) {
    if (isTextHeader(component)) parts.header = component;
    else if (isBody(component)) parts.body = component;
    else if (isFooter(component)) parts.footer = component;
    else if (isButtons(component)) parts.buttons = component.buttons;
    else parts.others.push(component);
  }
  return parts;
}

const isTextHeader = (component: TemplateComponent): component is TextHeader => textHeader.safeParse(component).success;
const isBody = (component: TemplateComponent): component is Body => body.safeParse(component).success;
const isFooter = (component: TemplateComponent): component is Footer => footer.safeParse(component).success;
const isButtons = (component: TemplateComponent): component is z.infer<typeof buttons> =>
  buttons.safeParse(component).success;
export const isUrlButton = (one: TemplateButton): one is UrlButton => urlButton.safeParse(one).success;
export const isQuickReply = (one: TemplateButton): one is z.infer<typeof quickReplyButton> =>
  quickReplyButton.safeParse(one).success;

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Names of the placeholders in order of first use: `1`, `2` (POSITIONAL) or `first_name` (NAMED). */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ""))];
}

/** Values by placeholder name; for buttons by zero-based position (a URL button has one placeholder). */
export interface PreviewValues {
  header?: Record<string, string>;
  body?: Record<string, string>;
  buttons?: Record<number, string>;
}

export interface Preview {
  header?: string;
  body: string;
  footer?: string;
  buttons: { type: string; text: string; url?: string }[];
  /** Placeholders without a value; they stay visible in the text. */
  missing: { part: "header" | "body" | "button"; name: string }[];
}

/** What a recipient sees: the template's text with its values in place. */
export function previewTemplate(components: unknown, values: PreviewValues): Preview {
  const parts = readComponents(components) ?? { buttons: [], others: [] };
  const missing: Preview["missing"] = [];
  const fill = (part: Preview["missing"][number]["part"], text: string, given: Record<string, string> = {}) =>
    text.replace(PLACEHOLDER, (whole, name: string) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value !== undefined) return value;
      missing.push({ part, name });
      return whole;
    });
  return {
    header: parts.header && fill("header", parts.header.text, values.header),
    body: parts.body ? fill("body", parts.body.text, values.body) : "",
    footer: parts.footer?.text,
    buttons: parts.buttons.map((one, index) => {
      const shown = { type: one.type.toUpperCase(), text: one.text ?? "" };
      if (!isUrlButton(one)) return shown;
      const suffix = values.buttons?.[index];
      return { ...shown, url: fill("button", one.url, suffix === undefined ? {} : { "1": suffix }) };
    }),
    missing,
  };
}
