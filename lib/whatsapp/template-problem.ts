import { placeholdersOf } from "./components";

/** Why Meta would refuse a template at creation; `at` names the part. Words for people are made from the code. */
export interface TemplateProblem {
  code: TemplateProblemCode;
  at: TemplatePlace;
  /** The limit that was passed, where there is one. */
  limit?: number;
  /** Zero-based position of the card in a carousel. */
  card?: number;
}

export type TemplatePlace =
  | "name"
  | "language"
  | "category"
  | "ttl"
  | "header"
  | "body"
  | "footer"
  | "buttons"
  | "offer"
  | "cards"
  | "components";

export type TemplateProblemCode =
  | "name_format"
  | "name_taken"
  | "text_taken"
  | "language_unknown"
  | "category_unknown"
  | "category_not_allowed"
  | "ttl_out_of_range"
  | "components_malformed"
  | "body_missing"
  | "part_repeated"
  | "part_not_allowed"
  | "too_long"
  | "empty"
  | "markdown_not_allowed"
  | "header_kind_not_allowed"
  | "too_many_variables"
  | "variable_not_allowed"
  | "variable_format"
  | "variable_repeated"
  | "variables_not_sequential"
  | "variable_at_edge"
  | "variables_adjacent"
  | "variables_too_dense"
  | "example_missing"
  | "button_unknown"
  | "too_many_buttons"
  | "quick_replies_not_together"
  | "url_variable_not_at_end"
  | "url_invalid"
  | "phone_invalid"
  | "flow_missing"
  | "too_few_cards"
  | "too_many_cards"
  | "cards_differ"
  | "card_header_missing"
  | "text_not_ours"
  | "minutes_out_of_range"
  | "code_button_missing"
  | "app_missing"
  | "app_invalid"
  | "too_many_apps"
  | "terms_not_accepted";

/** Limits of Meta's "Template components", in characters or pieces. */
export const templateLimits = {
  name: 512,
  header: 60,
  body: 1024,
  offerBody: 600,
  cardBody: 160,
  footer: 60,
  offer: 16,
  buttons: 10,
  urlButtons: 2,
  phoneButtons: 1,
  copyCodeButtons: 1,
  cardButtons: 2,
  buttonText: 25,
  url: 2000,
  phoneNumber: 20,
  /** 15 on Meta's component page; 20 for coupon templates since 3 December 2025. */
  code: 20,
  leastCards: 2,
  mostCards: 10,
  /** Of authentication templates: how long a code may be said to last, and how long it may be. */
  codeMinutes: 90,
  oneTimeCode: 15,
  apps: 5,
  packageName: 224,
} as const;

/** Meta does not publish the density it allows; refused here is a text that is shorter than this per variable. */
const MIN_WORDS_PER_VARIABLE = 2;

/** Characters as Meta counts them. */
export function lengthOf(text: string): number {
  return [...text].length;
}

export function lengthProblems(text: string, at: TemplatePlace, limit: number): TemplateProblem[] {
  if (text.trim() === "") return [{ code: "empty", at }];
  return lengthOf(text) > limit ? [{ code: "too_long", at, limit }] : [];
}

/** Names of variables: `1`, `2` … without a gap, or `lower_snake`, each once. */
export function nameProblems(text: string, at: TemplatePlace, isNamed: boolean): TemplateProblem[] {
  const names = placeholdersOf(text);
  // What is left over would be read by people as it stands: "Hola {{1}".
  if (/\{\{|\}\}/.test(text.replace(/\{\{[^{}]*\}\}/g, ""))) return [{ code: "variable_format", at }];
  if (isNamed) {
    if (!names.every((name) => /^[a-z][a-z0-9_]*$/.test(name))) return [{ code: "variable_format", at }];
    return (text.match(/\{\{/g)?.length ?? 0) > names.length ? [{ code: "variable_repeated", at }] : [];
  }
  if (!names.every((name) => /^[1-9]\d*$/.test(name))) return [{ code: "variable_format", at }];
  const isSequential = names.map(Number).every((number) => number <= names.length);
  return isSequential ? [] : [{ code: "variables_not_sequential", at }];
}

/** Where variables may stand in a body: not at an edge, not side by side, not too many for the text. */
export function placementProblems(body: string, at: TemplatePlace): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const text = body.trim();
  if (/^\{\{[^{}]*\}\}/.test(text) || /\{\{[^{}]*\}\}$/.test(text)) problems.push({ code: "variable_at_edge", at });
  if (/\}\}\s*\{\{/.test(text)) problems.push({ code: "variables_adjacent", at });
  const words = text.replace(/\{\{[^{}]*\}\}/g, " ").match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  if (words < placeholdersOf(text).length * MIN_WORDS_PER_VARIABLE) problems.push({ code: "variables_too_dense", at });
  return problems;
}
