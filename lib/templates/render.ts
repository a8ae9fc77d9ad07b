import {
  isUrlButton,
  type Preview,
  type PreviewValues,
  previewTemplate,
  readComponents,
} from "@/lib/whatsapp/components";
import { type MessageParts, type ParameterSubject, templateNeeds, valuesByPlace } from "./parameters";
import { isPreferenceLink, preferencePlaces } from "./preference-place";
import type { ResolvedCard, ResolvedValues } from "./values";

/** Word for word what a person sees, from the values that were sent to them. */
export function renderMessage(components: unknown, values: ResolvedValues): Preview {
  return previewTemplate(components, { ...shownOf(values), cards: values.cards?.map(shownOf) });
}

function shownOf({ header, body, buttons }: ResolvedCard): PreviewValues {
  const isText = header !== undefined && "text" in header;
  return {
    ...(isText && { header: { [header.name ?? "1"]: header.text } }),
    body: Object.fromEntries(body.map(({ name, text }, index) => [name ?? String(index + 1), text])),
    buttons: Object.fromEntries(
      buttons.flatMap((button) => {
        if (button.kind === "url") return [[button.index, button.suffix]];
        return button.kind === "copy_code" ? [[button.index, button.code]] : [];
      }),
    ),
  };
}

/**
 * The message as far as it can be written for one (real or made-up) person: for the builder's preview. What has no value
 * and no fallback stays visible as its placeholder and is listed in `missing`.
 */
export function previewMessage(message: MessageParts, subject: ParameterSubject, linkCode: string): Preview {
  const values = { ...valuesByPlace(message, subject), ...preferencesShown(message.components) };
  const cards = readComponents(message.components)?.cards?.map((_, index) => `card.${index}.`) ?? [];
  const links = templateNeeds(message.components)?.linkButtons ?? [];
  return previewTemplate(message.components, {
    ...valuesAt("", values),
    buttons: {
      ...codesAt("", values),
      ...Object.fromEntries([...links, ...preferenceButtons(message.components)].map((index) => [index, linkCode])),
    },
    // A card has at most two buttons; a value for one that is no link is not looked at.
    cards: cards.map((at) => ({
      ...valuesAt(at, values),
      buttons: { 0: linkCode, 1: linkCode, ...codesAt(at, values) },
    })),
  });
}

/** Nobody has a preference link in a preview. */
function preferencesShown(components: unknown): Record<string, string> {
  const text = readComponents(components)?.body?.text ?? "";
  return Object.fromEntries(preferencePlaces(text).map((name) => [`body.${name}`, "…"]));
}

function preferenceButtons(components: unknown): number[] {
  return (readComponents(components)?.buttons ?? []).flatMap((button, index) =>
    isUrlButton(button) && isPreferenceLink(button.url) ? [index] : [],
  );
}

function valuesAt(at: string, values: Readonly<Record<string, string>>): PreviewValues {
  return { header: named(`${at}header.`, values), body: named(`${at}body.`, values) };
}

function codesAt(at: string, values: Readonly<Record<string, string>>): Record<number, string> {
  const codes = Object.entries(named(`${at}button.`, values));
  return Object.fromEntries(codes.map(([rest, text]) => [Number(rest.replace(".code", "")), text]));
}

function named(before: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([place, text]) =>
      place.startsWith(before) ? [[place.slice(before.length), text]] : [],
    ),
  );
}
