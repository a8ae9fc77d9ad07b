import * as z from "zod";
import {
  isCodeButton,
  isCopyCode,
  isFlowButton,
  isQuickReply,
  isUrlButton,
  placeholdersOf,
  readComponents,
  type TemplateButton,
  type TemplateHeader,
  type TemplateParts,
} from "@/lib/whatsapp/components";
import type { ButtonValue, ParameterValue } from "@/lib/whatsapp/template-values";
import { findOptOut } from "./opt-out";
import { isPreferenceLink, preferencePlaces } from "./preference-place";
import type { ResolvedCard, ResolvedHeader, ResolvedValues } from "./values";

const MOST_CHARACTERS = 1_024; // of a whole body; Meta refuses what is too long once it is filled in
const fallback = z.string().trim().min(1).max(MOST_CHARACTERS).nullable().default(null);
const degrees = (most: number) =>
  z
    .string()
    .trim()
    .regex(/^-?\d{1,3}(\.\d+)?$/)
    .refine((text) => Math.abs(Number(text)) <= most);

/** Where a placeholder's value comes from, and what stands there for people who lack it. */
export const parameterRule = z.discriminatedUnion("source", [
  z.object({ source: z.literal("attribute"), key: z.string().min(1).max(100), fallback }),
  z.object({ source: z.literal("name"), fallback }),
  z.object({ source: z.literal("text"), text: z.string().trim().min(1).max(MOST_CHARACTERS) }),
  /** A file of ours. */
  z.object({ source: z.literal("media"), mediaId: z.uuid(), fileName: z.string().max(240) }),
  /** A file that Meta fetches from its address. */
  z.object({ source: z.literal("link"), url: z.url({ protocol: /^https$/ }).max(2_000) }),
  z.object({
    source: z.literal("location"),
    latitude: degrees(90),
    longitude: degrees(180),
    name: z.string().trim().min(1).max(200),
    address: z.string().trim().min(1).max(300),
  }),
  /** When an offer ends. */
  z.object({ source: z.literal("moment"), at: z.iso.datetime() }),
]);
export type ParameterRule = z.infer<typeof parameterRule>;

/**
 * Rules by place: `header.1`, `header.media`, `header.location`, `body.first_name`, `button.2.code`, `offer.ends`, and for
 * the cards of a carousel the same behind `card.0.`. Links need none: each person's own code stands there.
 */
export const parameterMapping = z.record(
  z.string().regex(/^(card\.\d\.)?((header|body)\.[a-z0-9_]+|button\.\d\.code|offer\.ends)$/),
  parameterRule,
);
export type ParameterMapping = z.infer<typeof parameterMapping>;

/** What kind of value a place takes. */
export type PlaceKind = "text" | "code" | "image" | "video" | "document" | "location" | "moment";

/** What a template asks of whoever sends it. */
export interface TemplateNeeds {
  /** Places of a mapping: header, body in order of first use, offer, buttons, then card by card. */
  places: string[];
  kinds: Readonly<Record<string, PlaceKind>>;
  /** Zero-based positions of URL buttons that end in a variable: the tracked link. One to the preference page is none. */
  linkButtons: number[];
  /** Whether a link of a card is tracked. */
  hasCardLinks: boolean;
  /** Whether it hands over a one-time code, which is another one for everybody: no campaign sends it. */
  hasAccessCode: boolean;
  /** Parts that the product cannot send. */
  unsupported: string[];
}

/**
 * Buttons that are sent as they stand, or whose value is the person's own. The others cannot be sent: CATALOG, MPM and SPM
 * need products of a catalogue, and unknown ones something that nobody knows.
 */
const SENT_BUTTONS = new Set([
  "QUICK_REPLY",
  "URL",
  "PHONE_NUMBER",
  "COPY_CODE",
  "FLOW",
  "REQUEST_CONTACT_INFO",
  "VOICE_CALL",
  "OTP",
]);
const mediaKinds = { IMAGE: "image", VIDEO: "video", DOCUMENT: "document" } as const;

/** Of components that are no template. */
export const noNeeds: TemplateNeeds = {
  places: [],
  kinds: {},
  linkButtons: [],
  hasCardLinks: false,
  hasAccessCode: false,
  unsupported: ["BODY"],
};

/** Reads what has to be filled in; undefined when the components are no template. */
export function templateNeeds(components: unknown): TemplateNeeds | undefined {
  const parts = readComponents(components);
  if (!parts?.body) return undefined;
  const needs = needsOnce.get(parts) ?? needsOf(parts);
  needsOnce.set(parts, needs);
  return needs;
}

/** A template is read once and filled for many. */
const needsOnce = new WeakMap<TemplateParts, TemplateNeeds>();

function needsOf(parts: TemplateParts): TemplateNeeds {
  const all = [{ at: "", parts }, ...(parts.cards ?? []).map((card, index) => ({ at: `card.${index}.`, parts: card }))];
  const asked = all.flatMap(({ at, parts: some }) =>
    placesOf(some).map(([place, kind]) => [at + place, kind] as const),
  );
  return {
    places: asked.map(([place]) => place),
    kinds: Object.fromEntries(asked),
    linkButtons: linkButtonsOf(parts),
    hasCardLinks: (parts.cards ?? []).some((card) => linkButtonsOf(card).length > 0),
    hasAccessCode: parts.buttons.some(isCodeButton),
    unsupported: [...new Set(all.flatMap(({ parts: some }) => unsupportedOf(some)))],
  };
}

function placesOf({ header, body, offer, buttons }: TemplateParts): (readonly [string, PlaceKind])[] {
  return [
    ...headerPlaces(header),
    ...askedIn(body?.text).map((name) => [`body.${name}`, buttons.some(isCodeButton) ? "code" : "text"] as const),
    ...(offer?.has_expiration ? [["offer.ends", "moment"] as const] : []),
    ...buttons.flatMap((button, index) => (isCopyCode(button) ? [[`button.${index}.code`, "code"] as const] : [])),
  ];
}

/** The variables of a text that somebody has to choose a value for: the reader's own preference link is none of them. */
function askedIn(text = ""): string[] {
  const own = preferencePlaces(text);
  return placeholdersOf(text).filter((name) => !own.includes(name));
}

function headerPlaces(header: TemplateHeader | undefined): (readonly [string, PlaceKind])[] {
  switch (header?.format) {
    case "TEXT":
      return placeholdersOf(header.text).map((name) => [`header.${name}`, "text"] as const);
    case "IMAGE":
    case "VIDEO":
    case "DOCUMENT":
      return [["header.media", mediaKinds[header.format]]];
    case "LOCATION":
      return [["header.location", "location"]];
    default:
      return [];
  }
}

function unsupportedOf({ header, buttons, others }: TemplateParts): string[] {
  return [
    ...(header?.format === "GIF" ? ["GIF"] : []), // only over the Marketing Messages API
    ...others.map(({ type }) => type),
    ...buttons.map(({ type }) => type).filter((type) => !SENT_BUTTONS.has(type)),
  ];
}

/** What is known about one person when their message is written. */
export interface ParameterSubject {
  /** What ends the link to their own preference page. */
  preferences?: string;
  name: string | null;
  attributes: Readonly<Record<string, string | number | boolean>>;
}

export type Resolution =
  | { kind: "resolved"; values: ResolvedValues; fallbacks: string[] }
  /** Places that have no rule, or no value and no fallback: the message cannot be written (code `value_missing`). */
  | { kind: "missing"; places: string[] };

export interface MessageParts {
  components: unknown;
  parameterFormat: "POSITIONAL" | "NAMED";
  mapping: ParameterMapping;
}

/**
 * The values of one person's message, in the shape that `templateRequest` sends. Line breaks and runs of spaces become
 * one space, as Meta asks. The opt-out button answers with `OPT_OUT`, so that a tap is understood in every language.
 *
 * @param linkCode what ends the tracked link: the person's own code
 */
export function resolveParameters(message: MessageParts, subject: ParameterSubject, linkCode: string): Resolution {
  const parts = readComponents(message.components);
  const needs = templateNeeds(message.components);
  if (!parts || !needs || needs.unsupported.length > 0) return { kind: "missing", places: ["components"] };
  const writer = new Writer(message, subject, linkCode);
  const values = {
    ...writer.card(parts, ""),
    offer: writer.offer(parts),
    cards: parts.cards?.map((card, index) => writer.card(card, `card.${index}.`)),
  };
  if (writer.missing.length > 0) return { kind: "missing", places: writer.missing };
  return { kind: "resolved", values, fallbacks: writer.fallbacks };
}

/** Fills the parts of one message and remembers what was lacking. */
class Writer {
  readonly missing: string[] = [];
  readonly fallbacks: string[] = [];

  constructor(
    private readonly message: MessageParts,
    private readonly subject: ParameterSubject,
    private readonly linkCode: string,
  ) {}

  card(parts: TemplateParts, at: string): ResolvedCard {
    const optOut = findOptOut(parts);
    return {
      header: this.header(parts.header, at),
      // Positional values are sent in the order of their numbers, not in the order in which the text uses them.
      body: placeholdersOf(parts.body?.text ?? "")
        .sort(byNumber)
        .map((name) => this.bodyText(parts.body?.text ?? "", `${at}body.${name}`, name)),
      buttons: parts.buttons.flatMap((button, index) => {
        if (isQuickReply(button) && optOut?.kind === "button" && optOut.index === index)
          return [{ kind: "quick_reply" as const, index, payload: OPT_OUT_PAYLOAD }];
        return this.button(button, index, at);
      }),
    };
  }

  offer({ offer }: TemplateParts): ResolvedValues["offer"] {
    if (!offer?.has_expiration) return undefined;
    const rule = this.message.mapping["offer.ends"];
    if (rule?.source === "moment") return { expiresAtMs: Date.parse(rule.at) };
    this.missing.push("offer.ends");
    return undefined;
  }

  private header(header: TemplateHeader | undefined, at: string): ResolvedHeader | undefined {
    switch (header?.format) {
      case "TEXT": {
        const [name] = placeholdersOf(header.text);
        return name === undefined ? undefined : this.text(`${at}header.${name}`, name);
      }
      case "IMAGE":
      case "VIDEO":
      case "DOCUMENT":
        return this.file(mediaKinds[header.format], `${at}header.media`);
      case "LOCATION":
        return this.location(`${at}header.location`);
      default:
        return undefined;
    }
  }

  private bodyText(text: string, place: string, name: string): ParameterValue {
    if (!preferencePlaces(text).includes(name)) return this.text(place, name);
    return { text: this.preferences(place), ...(this.message.parameterFormat === "NAMED" && { name }) };
  }

  private preferences(place: string): string {
    if (this.subject.preferences === undefined) this.missing.push(place);
    return this.subject.preferences ?? "";
  }

  private text(place: string, name: string): ParameterValue {
    const value = ruleValue(this.message.mapping[place], this.subject);
    if (value === undefined) this.missing.push(place);
    else if (value.isFallback) this.fallbacks.push(place);
    return { text: value?.text ?? "", ...(this.message.parameterFormat === "NAMED" && { name }) };
  }

  private file(kind: "image" | "video" | "document", place: string): ResolvedHeader | undefined {
    const rule = this.message.mapping[place];
    if (rule?.source === "link") return { kind, media: { link: rule.url } };
    if (rule?.source === "media") {
      const media = { mediaId: rule.mediaId };
      return kind === "document" ? { kind, media, filename: rule.fileName } : { kind, media };
    }
    this.missing.push(place);
    return undefined;
  }

  private location(place: string): ResolvedHeader | undefined {
    const rule = this.message.mapping[place];
    if (rule?.source === "location") {
      const { source: _, ...location } = rule;
      return { kind: "location", ...location };
    }
    this.missing.push(place);
    return undefined;
  }

  private button(button: TemplateButton, index: number, at: string): ButtonValue[] {
    // The code of the text once more.
    if (isCodeButton(button)) return [{ kind: "url", index, suffix: this.text(`${at}body.1`, "").text }];
    if (isUrlButton(button) && isPreferenceLink(button.url))
      return [{ kind: "url", index, suffix: this.preferences(`${at}button.${index}.url`) }];
    if (isUrlButton(button) && placeholdersOf(button.url).length > 0)
      return [{ kind: "url", index, suffix: this.linkCode }];
    if (isCopyCode(button))
      return [{ kind: "copy_code", index, code: this.text(`${at}button.${index}.code`, "").text }];
    // The token comes back with the answers, and names the person as the link does.
    if (isFlowButton(button)) return [{ kind: "flow", index, ...(this.linkCode && { token: this.linkCode }) }];
    return [];
  }
}

/** The texts that a mapping gives for one person, by place; places without a value are left out. */
export function valuesByPlace(
  { components, mapping }: MessageParts,
  subject: ParameterSubject,
): Record<string, string> {
  const { places, kinds } = templateNeeds(components) ?? noNeeds;
  const values = places.flatMap((place) => {
    const isText = kinds[place] === "text" || kinds[place] === "code";
    const value = isText ? ruleValue(mapping[place], subject) : undefined;
    return value ? [[place, value.text] as const] : [];
  });
  return Object.fromEntries(values);
}

/** Rules that can never give a value, by place: what the pre-flight blocks before anybody is looked at. */
export function unmappedPlaces(components: unknown, mapping: ParameterMapping): string[] {
  const { places, kinds } = templateNeeds(components) ?? noNeeds;
  return places.filter((place) => !fits(kinds[place], mapping[place]));
}

const sourcesOf: Readonly<Record<PlaceKind, readonly ParameterRule["source"][]>> = {
  text: ["attribute", "name", "text"],
  code: ["attribute", "text"],
  image: ["media", "link"],
  video: ["media", "link"],
  document: ["media", "link"],
  location: ["location"],
  moment: ["moment"],
};

/** Whether a rule gives the kind of value that a place takes. */
function fits(kind: PlaceKind | undefined, rule: ParameterRule | undefined): boolean {
  return kind !== undefined && rule !== undefined && sourcesOf[kind].includes(rule.source);
}

function ruleValue(
  rule: ParameterRule | undefined,
  subject: ParameterSubject,
): { text: string; isFallback: boolean } | undefined {
  if (rule?.source === "text") return { text: oneLine(rule.text), isFallback: false };
  if (rule?.source !== "name" && rule?.source !== "attribute") return undefined;
  const own = rule.source === "name" ? subject.name : subject.attributes[rule.key];
  const text = own === null || own === undefined ? "" : oneLine(String(own));
  if (text !== "") return { text, isFallback: false };
  return rule.fallback === null ? undefined : { text: oneLine(rule.fallback), isFallback: true };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function byNumber(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)];
  return Number.isFinite(first) && Number.isFinite(second) ? first - second : 0;
}

function linkButtonsOf({ buttons }: TemplateParts): number[] {
  return buttons.flatMap((button, index) =>
    isUrlButton(button) &&
    !isCodeButton(button) &&
    placeholdersOf(button.url).length > 0 &&
    !isPreferenceLink(button.url)
      ? [index]
      : [],
  );
}

/** What a tap on the opt-out button sends back (compliance/design.md 1.5). */
export const OPT_OUT_PAYLOAD = "OPT_OUT";
