import { placeholdersOf, type TemplateHeader, type TemplateParts } from "./components";
import { buttonProblems } from "./template-button-rules";
import {
  lengthProblems,
  nameProblems,
  placementProblems,
  type TemplateProblem,
  templateLimits,
} from "./template-problem";

const MARKETING_ONLY_HEADER = "GIF";

/** Rules for each part of a template (Meta: "Template components"). */
export function partProblems(
  parts: TemplateParts,
  { isNamed, category }: { isNamed: boolean; category: string },
): TemplateProblem[] {
  return [
    ...headerProblems(parts.header, { isNamed, category }),
    ...bodyProblems(parts.body, { isNamed, limit: parts.offer ? templateLimits.offerBody : templateLimits.body }),
    ...footerProblems(parts),
    ...buttonProblems(parts.buttons),
    ...offerProblems(parts, category),
    ...cardProblems(parts, { isNamed, category }),
  ];
}

function headerProblems(
  header: TemplateHeader | undefined,
  { isNamed, category }: { isNamed: boolean; category: string },
): TemplateProblem[] {
  if (!header) return [];
  if (header.format === "TEXT") return textHeaderProblems(header, isNamed);
  const isAllowed = header.format !== MARKETING_ONLY_HEADER || category === "MARKETING";
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
