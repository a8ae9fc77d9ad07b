import * as z from "zod";
import {
  isQuickReply,
  isUrlButton,
  placeholdersOf,
  readComponents,
  type TemplateParts,
} from "@/lib/whatsapp/components";
import type { ButtonValue, ParameterValue } from "@/lib/whatsapp/requests";
import { findOptOut } from "./opt-out";

const fallback = z.string().trim().min(1).max(200).nullable().default(null);

/** Where a placeholder's value comes from, and what stands there for people who lack it. */
export const parameterRule = z.discriminatedUnion("source", [
  z.object({ source: z.literal("attribute"), key: z.string().min(1).max(100), fallback }),
  z.object({ source: z.literal("name"), fallback }),
  z.object({ source: z.literal("text"), text: z.string().trim().min(1).max(200) }),
]);
export type ParameterRule = z.infer<typeof parameterRule>;

/** Rules by place: `header.1`, `body.2`, `body.first_name`. Links need none: each person's own code stands there. */
export const parameterMapping = z.record(z.string().regex(/^(header|body)\.[a-z0-9_]+$/), parameterRule);
export type ParameterMapping = z.infer<typeof parameterMapping>;

/** What a template asks of whoever sends it. */
export interface TemplateNeeds {
  /** Places of a mapping, header first, then body in order of first use. */
  places: string[];
  /** Zero-based positions of URL buttons that end in a variable: the tracked link. */
  linkButtons: number[];
  /** Parts that need values which the product does not send yet: media, carousels, coupon codes. */
  unsupported: string[];
}

/** Buttons that are sent as they stand in the template. Any other type needs a value of its own in every message. */
const PLAIN_BUTTONS = new Set(["QUICK_REPLY", "URL", "PHONE_NUMBER", "REQUEST_CONTACT_INFO", "VOICE_CALL"]);

/** Reads what has to be filled in; undefined when the components are no template. */
export function templateNeeds(components: unknown): TemplateNeeds | undefined {
  const parts = readComponents(components);
  if (!parts?.body) return undefined;
  const places = [
    ...placeholdersOf(parts.header?.text ?? "").map((name) => `header.${name}`),
    ...placeholdersOf(parts.body.text).map((name) => `body.${name}`),
  ];
  const buttons = parts.buttons.map(({ type }) => type.toUpperCase()).filter((type) => !PLAIN_BUTTONS.has(type));
  return {
    places,
    linkButtons: linkButtonsOf(parts),
    unsupported: [
      ...(parts.header && parts.header.format !== "TEXT" ? ["HEADER"] : []),
      ...(parts.offer ? ["LIMITED_TIME_OFFER"] : []),
      ...(parts.cards ? ["CAROUSEL"] : []),
      ...parts.others.map(({ type }) => type),
      ...buttons,
    ],
  };
}

/** What is known about one person when their message is written. */
export interface ParameterSubject {
  name: string | null;
  attributes: Readonly<Record<string, string | number | boolean>>;
}

export interface ResolvedValues {
  header?: ParameterValue;
  body: ParameterValue[];
  buttons: ButtonValue[];
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
  const fallbacks: string[] = [];
  const missing: string[] = [];
  const fill = (place: string): ParameterValue => {
    const value = ruleValue(message.mapping[place], subject);
    if (value === undefined) missing.push(place);
    else if (value.isFallback) fallbacks.push(place);
    const name = place.slice(place.indexOf(".") + 1);
    return { text: value?.text ?? "", ...(message.parameterFormat === "NAMED" && { name }) };
  };
  // Positional values are sent in the order of their numbers, not in the order in which the text uses them.
  const inOrder = (part: string) => needs.places.filter((place) => place.startsWith(part)).sort(byNumber);
  const [header] = inOrder("header.").map(fill);
  const body = inOrder("body.").map(fill);
  if (missing.length > 0) return { kind: "missing", places: missing };
  return { kind: "resolved", values: { header, body, buttons: buttonValues(parts, linkCode) }, fallbacks };
}

/** The texts that a mapping gives for one person, by place; places without a value are left out. */
export function valuesByPlace(
  { components, mapping }: MessageParts,
  subject: ParameterSubject,
): { values: Record<string, string>; linkButtons: number[] } {
  const { places, linkButtons } = templateNeeds(components) ?? { places: [], linkButtons: [] };
  const values = places.flatMap((place) => {
    const value = ruleValue(mapping[place], subject);
    return value ? [[place, value.text] as const] : [];
  });
  return { values: Object.fromEntries(values), linkButtons };
}

/** Rules that can never give a value, by place: what the pre-flight blocks before anybody is looked at. */
export function unmappedPlaces(components: unknown, mapping: ParameterMapping): string[] {
  return (templateNeeds(components)?.places ?? []).filter((place) => mapping[place] === undefined);
}

function ruleValue(
  rule: ParameterRule | undefined,
  subject: ParameterSubject,
): { text: string; isFallback: boolean } | undefined {
  if (!rule) return undefined;
  if (rule.source === "text") return { text: oneLine(rule.text), isFallback: false };
  const own = rule.source === "name" ? subject.name : subject.attributes[rule.key];
  const text = own === null || own === undefined ? "" : oneLine(String(own));
  if (text !== "") return { text, isFallback: false };
  return rule.fallback === null ? undefined : { text: oneLine(rule.fallback), isFallback: true };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function byNumber(a: string, b: string): number {
  const [first, second] = [a, b].map((place) => Number(place.slice(place.indexOf(".") + 1)));
  return Number.isFinite(first) && Number.isFinite(second) ? (first ?? 0) - (second ?? 0) : 0;
}

function linkButtonsOf({ buttons }: TemplateParts): number[] {
  return buttons.flatMap((button, index) =>
    isUrlButton(button) && placeholdersOf(button.url).length > 0 ? [index] : [],
  );
}

function buttonValues(parts: TemplateParts, linkCode: string): ButtonValue[] {
  const optOut = findOptOut(parts);
  return parts.buttons.flatMap((button, index): ButtonValue[] => {
    if (isQuickReply(button) && optOut?.kind === "button" && optOut.index === index)
      return [{ kind: "quick_reply", index, payload: OPT_OUT_PAYLOAD }];
    if (isUrlButton(button) && placeholdersOf(button.url).length > 0) return [{ kind: "url", index, suffix: linkCode }];
    return [];
  });
}

/** What a tap on the opt-out button sends back (compliance/design.md 1.5). */
export const OPT_OUT_PAYLOAD = "OPT_OUT";
