import * as z from "zod";
import { type CodeButtonKind, codeButtonKinds } from "@/lib/whatsapp/authentication-rules";
import { EXAMPLE_CODE } from "@/lib/whatsapp/authentication-texts";
import {
  isCodeButton,
  isCopyCode,
  isFlowButton,
  isPhoneButton,
  isUrlButton,
  type PreviewValues,
  placeholdersOf,
  readComponents,
  type TemplateButton,
  type TemplateHeader,
  type TemplateParts,
} from "@/lib/whatsapp/components";
import { markedMedia, mediaMark } from "./media";
import { templateCategories } from "./template";

export const headerKinds = ["none", "text", "image", "video", "document", "location"] as const;
export type HeaderKind = (typeof headerKinds)[number];
export const buttonKinds = ["reply", "url", "call", "code", "flow", "contact", "voice"] as const;
export type ButtonKind = (typeof buttonKinds)[number];
/** A card takes no others (Meta: "Media card carousel templates"). */
export const cardButtonKinds = ["reply", "url", "call"] as const satisfies readonly ButtonKind[];

const typed = z.string().max(4_000); // what is too long for Meta is kept, and said
const file = z.object({ mediaId: z.uuid(), fileName: z.string().max(240) }).nullable();
const draftButton = z.object({
  id: z.string().max(40),
  kind: z.enum(buttonKinds),
  text: typed,
  /** An address, a telephone number, an example of a code or the id of a flow. */
  target: typed,
});
const draftCard = z.object({
  id: z.string().max(40),
  media: z.enum(["image", "video"]),
  file,
  body: typed,
  buttons: z.array(draftButton).max(20),
});
/** An Android app that Meta may hand the code to. */
const draftApp = z.object({ id: z.string().max(40), packageName: typed, signature: typed });
/** What is left to decide where Meta writes the text: authentication. */
const accessCode = z.object({
  kind: z.enum(codeButtonKinds),
  hasAdvice: z.boolean(),
  /** Whole minutes; empty: the message does not say when the code ends. */
  minutes: z.string().max(10),
  /** Empty: Meta's own label. */
  label: typed,
  autofill: typed,
  apps: z.array(draftApp).max(20),
  hasTerms: z.boolean(),
  /** How long Meta tries; empty: its default. */
  ttlMinutes: z.string().max(10),
});
const noCode: z.infer<typeof accessCode> = {
  kind: "COPY_CODE",
  hasAdvice: true,
  minutes: "10",
  label: "",
  autofill: "",
  apps: [],
  hasTerms: false,
  ttlMinutes: "",
};

/** A template while it is being written: what stands in the form, right or wrong. */
export const templateDraft = z.object({
  numberId: z.string().max(40),
  name: typed,
  language: z.string().max(10),
  category: z.enum(templateCategories),
  parameterFormat: z.enum(["POSITIONAL", "NAMED"]),
  /** Hours; empty: Meta's default. */
  ttlHours: z.string().max(10),
  headerKind: z.enum(headerKinds),
  header: typed,
  file,
  body: typed,
  footer: typed,
  offer: z.object({ isOn: z.boolean(), text: typed, expires: z.boolean() }),
  buttons: z.array(draftButton).max(20),
  /** None: no carousel. */
  cards: z.array(draftCard).max(10),
  /** Drafts that were kept before there was one have none. */
  code: accessCode.default(noCode),
  /** Example values by place: `header.1`, `body.2`, `button.<id>`, `card.<id>.body.1`. */
  examples: z.record(z.string().max(200), typed),
});
export type TemplateDraft = z.infer<typeof templateDraft>;
export type DraftButton = z.infer<typeof draftButton>;
export type DraftCard = z.infer<typeof draftCard>;
export type DraftApp = z.infer<typeof draftApp>;

export const emptyDraft: TemplateDraft = {
  numberId: "",
  name: "",
  language: "es",
  category: "MARKETING",
  parameterFormat: "POSITIONAL",
  ttlHours: "",
  headerKind: "none",
  header: "",
  file: null,
  body: "",
  footer: "",
  offer: { isOn: false, text: "", expires: true },
  buttons: [],
  cards: [],
  code: noCode,
  examples: {},
};

export interface ExamplePlace {
  place: string;
  /** The variable, or the label of a button. */
  name: string;
  part: "header" | "body" | "button";
  /** From 1. */
  card?: number;
}

/** Places that need an example value, in the order of the message. */
export function examplePlaces({ category, headerKind, header, body, buttons, cards }: TemplateDraft): ExamplePlace[] {
  if (category === "AUTHENTICATION") return [];
  return [
    ...(headerKind === "text" ? placeholdersOf(header) : []).map((name) => ({
      place: `header.${name}`,
      name,
      part: "header" as const,
    })),
    ...placeholdersOf(body).map((name) => ({ place: `body.${name}`, name, part: "body" as const })),
    ...linkPlaces(buttons),
    ...cards.flatMap((card, index) => [
      ...placeholdersOf(card.body).map((name) => ({
        place: `card.${card.id}.body.${name}`,
        name,
        part: "body" as const,
        card: index + 1,
      })),
      ...linkPlaces(card.buttons).map((one) => ({ ...one, card: index + 1 })),
    ]),
  ];
}

function linkPlaces(buttons: readonly DraftButton[]): ExamplePlace[] {
  return buttons
    .filter(({ kind, target }) => kind === "url" && placeholdersOf(target).length > 0)
    .map(({ id, text }) => ({ place: `button.${id}`, name: text, part: "button" as const }));
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type DraftComponent = { [key: string]: Json };

/**
 * The draft in the shape that Meta reviews. Examples are only given once all of a part are there; a file stands as a mark
 * until it is submitted (`media.ts`).
 */
export function componentsOf(draft: TemplateDraft): DraftComponent[] {
  const { body, footer, offer, buttons, cards } = draft;
  if (draft.category === "AUTHENTICATION") return codeComponents(draft.code);
  const components: DraftComponent[] = [];
  const header = headerOf(draft);
  if (header) components.push(header);
  if (offer.isOn)
    components.push({
      type: "LIMITED_TIME_OFFER",
      limited_time_offer: { text: offer.text, has_expiration: offer.expires },
    });
  components.push(textPart(draft, "BODY", { text: body, at: "body" }));
  if (footer.trim() !== "") components.push({ type: "FOOTER", text: footer });
  if (buttons.length > 0) components.push(buttonsPart(buttons, draft.examples));
  if (cards.length > 0)
    components.push({ type: "CAROUSEL", cards: cards.map((card) => ({ components: cardParts(draft, card) })) });
  return components;
}

/** Meta writes the texts; what was written for another category waits in the draft. */
function codeComponents({ hasAdvice, minutes, ...code }: TemplateDraft["code"]): DraftComponent[] {
  const end = minutes.trim() === "" ? [] : [{ type: "FOOTER", code_expiration_minutes: Number(minutes) }];
  return [
    { type: "BODY", add_security_recommendation: hasAdvice },
    ...end,
    { type: "BUTTONS", buttons: [codeButton(code)] },
  ];
}

function codeButton({
  kind,
  label,
  autofill,
  apps,
  hasTerms,
}: Omit<TemplateDraft["code"], "hasAdvice" | "minutes">): DraftComponent {
  const text = label.trim() && { text: label.trim() };
  const button = { type: "OTP", otp_type: kind, ...text };
  if (kind === "COPY_CODE") return button;
  const supported_apps = apps.map(({ packageName, signature }) => ({
    package_name: packageName.trim(),
    signature_hash: signature.trim(),
  }));
  const autofill_text = autofill.trim() && { autofill_text: autofill.trim() };
  return {
    ...button,
    ...autofill_text,
    supported_apps,
    ...(kind === "ZERO_TAP" && { zero_tap_terms_accepted: hasTerms }),
  };
}

function headerOf(draft: TemplateDraft): DraftComponent | undefined {
  const { headerKind, header, file: chosen } = draft;
  switch (headerKind) {
    case "none":
      return undefined;
    case "text":
      return { ...textPart(draft, "HEADER", { text: header, at: "header" }), format: "TEXT" };
    case "location":
      return { type: "HEADER", format: "LOCATION" };
    default:
      return mediaHeader(headerKind, chosen);
  }
}

function mediaHeader(kind: "image" | "video" | "document", chosen: TemplateDraft["file"]): DraftComponent {
  const example = chosen && { header_handle: [mediaMark(chosen.mediaId)] };
  return { type: "HEADER", format: kind.toUpperCase(), ...(example && { example }) };
}

function cardParts(draft: TemplateDraft, card: DraftCard): DraftComponent[] {
  return [
    mediaHeader(card.media, card.file),
    ...(card.body.trim() === "" ? [] : [textPart(draft, "BODY", { text: card.body, at: `card.${card.id}.body` })]),
    ...(card.buttons.length > 0 ? [buttonsPart(card.buttons, draft.examples)] : []),
  ];
}

/** Header or body with its examples: by name, or in the order of the variables' numbers. */
function textPart(
  { parameterFormat, examples }: TemplateDraft,
  type: "HEADER" | "BODY",
  { text, at }: { text: string; at: string },
): DraftComponent {
  const isNamed = parameterFormat === "NAMED";
  const found = placeholdersOf(text);
  const names = isNamed ? found : found.toSorted((one, other) => Number(one) - Number(other));
  const values = names.map((name) => examples[`${at}.${name}`]?.trim() ?? "");
  if (values.length === 0 || values.includes("")) return { type, text };
  const key = type === "HEADER" ? "header_text" : "body_text";
  if (isNamed) {
    const named = names.map((name, index) => ({ param_name: name, example: values[index] ?? "" }));
    return { type, text, example: { [`${key}_named_params`]: named } };
  }
  return { type, text, example: { [key]: type === "BODY" ? [values] : values } };
}

function buttonsPart(buttons: readonly DraftButton[], examples: TemplateDraft["examples"]): DraftComponent {
  return { type: "BUTTONS", buttons: buttons.map((button) => buttonOf(button, examples)) };
}

function buttonOf({ id, kind, text, target }: DraftButton, examples: TemplateDraft["examples"]): DraftComponent {
  switch (kind) {
    case "reply":
      return { type: "QUICK_REPLY", text };
    case "call":
      return { type: "PHONE_NUMBER", text, phone_number: target };
    case "code":
      return { type: "COPY_CODE", example: target.trim() };
    case "flow":
      return { type: "FLOW", text, flow_id: target.trim(), flow_action: "navigate" };
    case "contact":
      return { type: "REQUEST_CONTACT_INFO" };
    case "voice":
      return { type: "VOICE_CALL", text };
    case "url": {
      const ending = examples[`button.${id}`]?.trim();
      const isTracked = placeholdersOf(target).length > 0 && ending;
      return { type: "URL", text, url: target, ...(isTracked && { example: [target.replace("{{1}}", ending)] }) };
    }
  }
}

/** The examples as the preview takes them; what has none stays visible as its variable. */
export function previewValues(draft: TemplateDraft): PreviewValues {
  if (draft.category === "AUTHENTICATION") return { body: { "1": EXAMPLE_CODE }, buttons: { 0: EXAMPLE_CODE } };
  const of = (at: string, text: string) =>
    Object.fromEntries(
      placeholdersOf(text).flatMap((name) => {
        const value = draft.examples[`${at}.${name}`]?.trim();
        return value ? [[name, value]] : [];
      }),
    );
  return {
    header: of("header", draft.header),
    body: of("body", draft.body),
    cards: draft.cards.map((card) => ({ body: of(`card.${card.id}.body`, card.body) })),
  };
}

/** The next variable of a text: a number, or a name that is to be changed. */
export function nextVariable(text: string, parameterFormat: TemplateDraft["parameterFormat"]): string {
  const names = placeholdersOf(text);
  if (parameterFormat === "NAMED") {
    const taken = new Set(names);
    let number = 1;
    while (taken.has(`variable_${number}`)) number++;
    return `{{variable_${number}}}`;
  }
  const highest = names.reduce((max, name) => Math.max(max, Number(name) || 0), 0);
  return `{{${highest + 1}}}`;
}

interface Written {
  name: string;
  language: string;
  category: string;
  parameterFormat: "POSITIONAL" | "NAMED";
  ttlSeconds: number | null;
  components: unknown;
  /** Our files by place. */
  media: Readonly<Record<string, string>>;
}

/** A template as a draft: to be changed, or to be the beginning of another one. Kinds that nobody can write here are left out. */
export function draftOf(
  template: Written,
  { numberId, newKey }: { numberId: string; newKey: () => string },
): TemplateDraft {
  const parts = readComponents(template.components) ?? { buttons: [], others: [] };
  const examples: Record<string, string> = {};
  const category = templateCategories.find((one) => one === template.category) ?? "MARKETING";
  const cards = (parts.cards ?? []).map((card, index): DraftCard => {
    const id = newKey();
    keepExamples(examples, `card.${id}.body`, card.body);
    return {
      id,
      media: card.header?.format === "VIDEO" ? "video" : "image",
      file: fileOf(card.header, template.media[`card.${index}.header.media`]),
      body: card.body?.text ?? "",
      buttons: buttonsOf(card, examples, newKey),
    };
  });
  if (parts.header?.format === "TEXT") keepExamples(examples, "header", parts.header);
  keepExamples(examples, "body", parts.body);
  return {
    numberId,
    name: template.name,
    language: template.language,
    category,
    parameterFormat: template.parameterFormat,
    ttlHours: category === "AUTHENTICATION" ? "" : inUnits(template.ttlSeconds, SECONDS_AN_HOUR),
    headerKind: headerKindOf(parts.header),
    header: parts.header?.text ?? "",
    file: fileOf(parts.header, template.media["header.media"]),
    body: parts.body?.text ?? "",
    footer: parts.footer?.text ?? "",
    offer: {
      isOn: parts.offer !== undefined,
      text: parts.offer?.text ?? "",
      expires: parts.offer?.has_expiration ?? true,
    },
    buttons: buttonsOf(parts, examples, newKey),
    cards,
    code: category === "AUTHENTICATION" ? codeOf(template, parts, newKey) : noCode,
    examples,
  };
}

const storedCode = z.array(
  z.looseObject({
    add_security_recommendation: z.boolean().optional(),
    code_expiration_minutes: z.number().optional(),
  }),
);

/** As Meta gives an authentication template back: its button has become a link that says what it was made of. */
function codeOf(
  { components, ttlSeconds }: Written,
  { buttons }: TemplateParts,
  newKey: () => string,
): TemplateDraft["code"] {
  const all = storedCode.safeParse(components).data ?? [];
  const minutes = all.find((one) => one.code_expiration_minutes !== undefined)?.code_expiration_minutes;
  const button = buttons.find(isCodeButton);
  const query = button && isUrlButton(button) ? new URL(button.url).searchParams : new URLSearchParams();
  const kind: CodeButtonKind =
    codeButtonKinds.find((one) => one === query.get("otp_type")?.toUpperCase()) ?? "COPY_CODE";
  const signatures = query.getAll("signature_hash");
  return {
    kind,
    hasAdvice: all.some((one) => one.add_security_recommendation === true),
    minutes: minutes === undefined ? "" : String(minutes),
    label: button?.text ?? "",
    autofill: query.get("cta_display_name") ?? "",
    apps: query.getAll("package_name").map((packageName, index) => ({
      id: newKey(),
      packageName,
      signature: signatures[index] ?? "",
    })),
    // Meta keeps no terms: who sends it to review again accepts them again.
    hasTerms: false,
    ttlMinutes: inUnits(ttlSeconds, SECONDS_A_MINUTE),
  };
}

function inUnits(seconds: number | null, unit: number): string {
  return seconds === null || seconds < 0 ? "" : String(seconds / unit);
}

const SECONDS_AN_HOUR = 3_600;
const SECONDS_A_MINUTE = 60;

/** Seconds for Meta; undefined: its default. Not a number: whatever was typed is refused by the rules. */
export function ttlSecondsOf({ ttlHours, category, code }: TemplateDraft): number | undefined {
  const [typed, unit] =
    category === "AUTHENTICATION" ? [code.ttlMinutes, SECONDS_A_MINUTE] : [ttlHours, SECONDS_AN_HOUR];
  const text = typed.trim().replace(",", ".");
  return text === "" ? undefined : Math.round(Number(text) * unit);
}

function headerKindOf(header: TemplateHeader | undefined): HeaderKind {
  return headerKinds.find((kind) => kind === header?.format.toLowerCase()) ?? "none";
}

function fileOf(header: TemplateHeader | undefined, known: string | undefined): TemplateDraft["file"] {
  const handles = header?.format !== "TEXT" ? header?.example?.header_handle : undefined;
  const mediaId = known ?? (handles?.[0] && markedMedia(handles[0]));
  return mediaId ? { mediaId, fileName: "" } : null;
}

type TextExample = { [key: string]: unknown } | undefined;

function keepExamples(
  examples: Record<string, string>,
  at: string,
  part: { text: string; example?: TextExample } | undefined,
): void {
  if (!part) return;
  const { example = {} } = part;
  const named = z
    .array(z.object({ param_name: z.string(), example: z.string() }))
    .safeParse(example.body_text_named_params ?? example.header_text_named_params);
  if (named.success) for (const one of named.data) examples[`${at}.${one.param_name}`] = one.example;
  const positional = z
    .union([z.tuple([z.array(z.string())]).transform(([row]) => row), z.array(z.string())])
    .safeParse(example.body_text ?? example.header_text);
  if (positional.success) for (const [index, one] of positional.data.entries()) examples[`${at}.${index + 1}`] = one;
}

function buttonsOf(parts: TemplateParts, examples: Record<string, string>, newKey: () => string): DraftButton[] {
  return parts.buttons.flatMap((button) => {
    const id = newKey();
    const read = isCodeButton(button) ? undefined : readButton(button);
    if (!read) return [];
    if (isUrlButton(button) && button.example?.[0] && placeholdersOf(button.url).length > 0)
      examples[`button.${id}`] = button.example[0].replace(button.url.replace("{{1}}", ""), "");
    return [{ id, ...read }];
  });
}

function readButton(button: TemplateButton): Pick<DraftButton, "kind" | "text" | "target"> | undefined {
  const text = button.text ?? "";
  if (isUrlButton(button)) return { kind: "url", text, target: button.url };
  if (isPhoneButton(button)) return { kind: "call", text, target: button.phone_number };
  if (isCopyCode(button)) return { kind: "code", text: "", target: button.example?.[0] ?? "" };
  if (isFlowButton(button)) return { kind: "flow", text, target: button.flow_id ?? "" };
  if (button.type === "QUICK_REPLY") return { kind: "reply", text, target: "" };
  if (button.type === "REQUEST_CONTACT_INFO") return { kind: "contact", text: "", target: "" };
  return button.type === "VOICE_CALL" ? { kind: "voice", text, target: "" } : undefined;
}
