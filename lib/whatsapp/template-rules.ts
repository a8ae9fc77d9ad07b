import * as z from "zod";
import { placeholdersOf, readComponents, type TemplateHeader, type TemplateParts } from "./components";
import { buttonProblems } from "./template-button-rules";
import { templateLanguages } from "./template-languages";
import {
  lengthProblems,
  nameProblems,
  placementProblems,
  type TemplateProblem,
  templateLimits,
} from "./template-problem";

/** What a new or edited template says; `language` may be left out where it is already settled. */
export interface DraftToCheck {
  name: string;
  language?: string;
  category: string;
  parameter_format?: string;
  message_send_ttl_seconds?: number;
  components: unknown;
}

/** A template that the account has already: a name is used once a language, and so is a text. */
export interface ExistingTemplate {
  name: string;
  language: string;
  components: unknown;
}

/** Seconds for which an undelivered message may be tried (Meta: "Time-to-live"); -1 stands for 30 days. */
const ttlBounds: Readonly<Record<string, { least: number; most: number; mayBeEndless: boolean }>> = {
  AUTHENTICATION: { least: 30, most: 900, mayBeEndless: true },
  UTILITY: { least: 30, most: 43_200, mayBeEndless: true },
  MARKETING: { least: 43_200, most: 2_592_000, mayBeEndless: false },
};

const MARKETING_ONLY_HEADER = "GIF";

/**
 * Checks a new template against the rules that Meta applies at once; an empty list means it goes to review. The sandbox
 * refuses with these same rules.
 *
 * @param others templates of the same account; of an edit, without the one that is edited
 */
export function checkTemplateDraft(draft: DraftToCheck, others: readonly ExistingTemplate[] = []): TemplateProblem[] {
  const problems = factProblems(draft);
  const parts = readComponents(draft.components);
  if (!parts) return [...problems, { code: "components_malformed", at: "components" }];
  const isNamed = draft.parameter_format?.toUpperCase() === "NAMED";
  const category = draft.category.toUpperCase();
  return [
    ...problems,
    ...takenProblems(draft, parts, others),
    ...shapeProblems(draft.components, parts, category),
    ...headerProblems(parts.header, { isNamed, category }),
    ...bodyProblems(parts.body, { isNamed, limit: parts.offer ? templateLimits.offerBody : templateLimits.body }),
    ...footerProblems(parts),
    ...buttonProblems(parts.buttons),
    ...offerProblems(parts, category),
    ...cardProblems(parts, { isNamed, category }),
  ];
}

function factProblems({ name, language, category, message_send_ttl_seconds: ttl }: DraftToCheck): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  if (!/^[a-z0-9_]+$/.test(name) || name.length > templateLimits.name) {
    problems.push({ code: "name_format", at: "name", limit: templateLimits.name });
  }
  if (language !== undefined && !templateLanguages.has(language)) {
    problems.push({ code: "language_unknown", at: "language" });
  }
  const kind = category.toUpperCase();
  const bounds = Object.hasOwn(ttlBounds, kind) ? ttlBounds[kind] : undefined;
  if (!bounds) return [...problems, { code: "category_unknown", at: "category" }];
  const isEndless = ttl === -1 && bounds.mayBeEndless;
  if (ttl !== undefined && !isEndless && (ttl < bounds.least || ttl > bounds.most)) {
    problems.push({ code: "ttl_out_of_range", at: "ttl", limit: ttl < bounds.least ? bounds.least : bounds.most });
  }
  return problems;
}

/** Meta knows a duplicate by its name, or by the text of body and footer, within a language. */
function takenProblems(
  { name, language }: DraftToCheck,
  parts: TemplateParts,
  others: readonly ExistingTemplate[],
): TemplateProblem[] {
  const here = others.filter((other) => other.language === language);
  if (here.some((other) => other.name === name)) return [{ code: "name_taken", at: "name" }];
  const text = textOf(parts);
  const isTaken = parts.body && here.some((other) => textOf(readComponents(other.components)) === text);
  return isTaken ? [{ code: "text_taken", at: "body" }] : [];
}

function textOf(parts: TemplateParts | undefined): string {
  return JSON.stringify([parts?.body?.text, parts?.footer?.text]);
}

/** The list as a whole: every part once, readable, and a body. An authentication template has Meta's own texts. */
function shapeProblems(components: unknown, parts: TemplateParts, category: string): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const types = typesOf(components);
  if (new Set(types).size < types.length) problems.push({ code: "part_repeated", at: "components" });
  const hasMetaTexts = category === "AUTHENTICATION";
  const unread = parts.others.filter(({ type }) => !hasMetaTexts || (type !== "BODY" && type !== "FOOTER"));
  if (unread.length > 0) problems.push({ code: "components_malformed", at: "components" });
  if (!parts.body && !(hasMetaTexts && types.includes("BODY"))) problems.push({ code: "body_missing", at: "body" });
  return problems;
}

function typesOf(components: unknown): string[] {
  return z
    .array(z.object({ type: z.string() }))
    .parse(components)
    .map(({ type }) => type.toUpperCase());
}

function headerProblems(
  header: TemplateHeader | undefined,
  { isNamed, category }: { isNamed: boolean; category: string },
): TemplateProblem[] {
  if (!header) return [];
  if (header.format === "TEXT") return textHeaderProblems(header, isNamed);
  const isAllowed = header.format === MARKETING_ONLY_HEADER ? category === "MARKETING" : category !== "AUTHENTICATION";
  const problems: TemplateProblem[] = isAllowed ? [] : [{ code: "category_not_allowed", at: "header" }];
  if (header.format !== "LOCATION" && !header.example?.header_handle?.[0]) {
    problems.push({ code: "example_missing", at: "header" });
  }
  return problems;
}

function textHeaderProblems(header: TemplateHeader & { format: "TEXT" }, isNamed: boolean): TemplateProblem[] {
  const problems = lengthProblems(header.text, "header", templateLimits.header);
  const names = placeholdersOf(header.text);
  if (/\*[^*]+\*|(^|\W)_[^_]+_(\W|$)|~[^~]+~|`/.test(header.text)) {
    problems.push({ code: "markdown_not_allowed", at: "header" });
  }
  if (names.length > 1) problems.push({ code: "too_many_variables", at: "header", limit: 1 });
  problems.push(...nameProblems(header.text, "header", isNamed));
  const { header_text_named_params: named, header_text: positional } = header.example ?? {};
  if (!hasExamples(names, isNamed ? named : positional)) problems.push({ code: "example_missing", at: "header" });
  return problems;
}

function bodyProblems(
  body: TemplateParts["body"],
  { isNamed, limit }: { isNamed: boolean; limit: number },
): TemplateProblem[] {
  if (!body) return [];
  const { body_text_named_params: named, body_text: positional } = body.example ?? {};
  const problems = [
    ...lengthProblems(body.text, "body", limit),
    ...nameProblems(body.text, "body", isNamed),
    ...placementProblems(body.text, "body"),
  ];
  if (!hasExamples(placeholdersOf(body.text), isNamed ? named : positional?.[0])) {
    problems.push({ code: "example_missing", at: "body" });
  }
  return problems;
}

/** An example for every variable: by name, or as many as there are. */
function hasExamples(names: string[], examples: ({ param_name: string; example: string } | string)[] = []): boolean {
  const isNamed = examples.some((one) => typeof one !== "string");
  const filled = examples.filter((one) => (typeof one === "string" ? one : one.example).trim() !== "");
  if (!isNamed) return filled.length >= names.length;
  return names.every((name) => filled.some((one) => typeof one !== "string" && one.param_name === name));
}

function footerProblems({ footer, offer }: TemplateParts): TemplateProblem[] {
  if (!footer) return [];
  const problems = lengthProblems(footer.text, "footer", templateLimits.footer);
  if (placeholdersOf(footer.text).length > 0) problems.push({ code: "variable_not_allowed", at: "footer" });
  if (offer) problems.push({ code: "part_not_allowed", at: "footer" });
  return problems;
}

function offerProblems({ offer, header }: TemplateParts, category: string): TemplateProblem[] {
  if (!offer) return [];
  const problems = lengthProblems(offer.text, "offer", templateLimits.offer);
  if (category !== "MARKETING") problems.push({ code: "category_not_allowed", at: "offer" });
  if (header && !isPicture(header)) problems.push({ code: "header_kind_not_allowed", at: "header" });
  return problems;
}

function isPicture({ format }: TemplateHeader): boolean {
  return format === "IMAGE" || format === "VIDEO";
}

function cardProblems(
  { cards }: TemplateParts,
  { isNamed, category }: { isNamed: boolean; category: string },
): TemplateProblem[] {
  if (!cards) return [];
  const problems: TemplateProblem[] = [];
  const { leastCards, mostCards } = templateLimits;
  if (category !== "MARKETING") problems.push({ code: "category_not_allowed", at: "cards" });
  if (cards.length < leastCards) problems.push({ code: "too_few_cards", at: "cards", limit: leastCards });
  if (cards.length > mostCards) problems.push({ code: "too_many_cards", at: "cards", limit: mostCards });
  if (new Set(cards.map(formOf)).size > 1) problems.push({ code: "cards_differ", at: "cards" });
  const ofCards = cards.flatMap((card, index) =>
    oneCardProblems(card, { isNamed, category }).map((problem) => ({ ...problem, at: "cards" as const, card: index })),
  );
  return [...problems, ...ofCards];
}

/** What must be the same on every card: kind of header, whether there is a text, types of buttons. */
function formOf({ header, body, buttons }: TemplateParts): string {
  return JSON.stringify([header?.format, body !== undefined, buttons.map(({ type }) => type)]);
}

function oneCardProblems(card: TemplateParts, rules: { isNamed: boolean; category: string }): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  if (!card.header) problems.push({ code: "card_header_missing", at: "cards" });
  else if (!isPicture(card.header)) problems.push({ code: "header_kind_not_allowed", at: "cards" });
  if (card.footer || card.offer || card.cards || card.others.length > 0) {
    problems.push({ code: "part_not_allowed", at: "cards" });
  }
  return [
    ...problems,
    ...headerProblems(card.header, rules),
    ...bodyProblems(card.body, { isNamed: rules.isNamed, limit: templateLimits.cardBody }),
    ...buttonProblems(card.buttons, templateLimits.cardButtons),
  ];
}
