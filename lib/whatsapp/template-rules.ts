import { isQuickReply, isUrlButton, placeholdersOf, readComponents, type TemplateParts } from "./components";

/** Why Meta would refuse a template at creation; `at` names the part. Words for people are made from the code. */
export interface TemplateProblem {
  code: TemplateProblemCode;
  at: "name" | "category" | "header" | "body" | "footer" | "buttons" | "components";
  /** The limit that was passed, where there is one. */
  limit?: number;
}

export type TemplateProblemCode =
  | "name_format"
  | "category_unknown"
  | "components_malformed"
  | "body_missing"
  | "part_repeated"
  | "too_long"
  | "empty"
  | "too_many_variables"
  | "variable_not_allowed"
  | "variable_format"
  | "variables_not_sequential"
  | "variable_at_edge"
  | "variables_adjacent"
  | "variables_too_dense"
  | "example_missing"
  | "too_many_buttons"
  | "quick_replies_not_together"
  | "url_variable_not_at_end"
  | "url_invalid";

/** Limits of Meta's "Template components". */
const templateLimits = {
  name: 512,
  header: 60,
  body: 1024,
  footer: 60,
  buttons: 10,
  urlButtons: 2,
  phoneButtons: 1,
  buttonText: 25,
  url: 2000,
  phoneNumber: 20,
} as const;

/** Meta does not publish the density it allows; refused here is a text that is shorter than this per variable. */
const MIN_WORDS_PER_VARIABLE = 2;

const CATEGORIES = new Set(["MARKETING", "UTILITY", "AUTHENTICATION"]);

/** Checks a new template against the rules that Meta applies at once; an empty list means it goes to review. */
export function templateProblems(draft: {
  name: string;
  category: string;
  parameter_format?: string;
  components: unknown;
}): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  if (!/^[a-z0-9_]+$/.test(draft.name) || draft.name.length > templateLimits.name) {
    problems.push({ code: "name_format", at: "name", limit: templateLimits.name });
  }
  if (!CATEGORIES.has(draft.category.toUpperCase())) problems.push({ code: "category_unknown", at: "category" });
  const parts = readComponents(draft.components);
  if (!parts) return [...problems, { code: "components_malformed", at: "components" }];
  const isNamed = draft.parameter_format?.toUpperCase() === "NAMED";
  return [
    ...problems,
    ...repetitions(draft.components),
    ...headerProblems(parts, isNamed),
    ...bodyProblems(parts, isNamed),
    ...footerProblems(parts),
    ...buttonProblems(parts),
  ];
}

function repetitions(components: unknown): TemplateProblem[] {
  const types = (Array.isArray(components) ? components : []).map((component) => String(component.type).toUpperCase());
  return new Set(types).size < types.length ? [{ code: "part_repeated", at: "components" }] : [];
}

function headerProblems({ header }: TemplateParts, isNamed: boolean): TemplateProblem[] {
  if (!header) return [];
  const problems = lengthProblems(header.text, "header", templateLimits.header);
  const names = placeholdersOf(header.text);
  if (names.length > 1) problems.push({ code: "too_many_variables", at: "header", limit: 1 });
  problems.push(...nameProblems(names, "header", isNamed));
  const examples = isNamed
    ? header.example?.header_text_named_params?.map((one) => one.param_name)
    : header.example?.header_text;
  if (names.length > (examples?.length ?? 0)) problems.push({ code: "example_missing", at: "header" });
  return problems;
}

function bodyProblems({ body }: TemplateParts, isNamed: boolean): TemplateProblem[] {
  if (!body) return [{ code: "body_missing", at: "body" }];
  const problems = lengthProblems(body.text, "body", templateLimits.body);
  const names = placeholdersOf(body.text);
  problems.push(...nameProblems(names, "body", isNamed));
  const text = body.text.trim();
  if (/^\{\{[^{}]*\}\}/.test(text) || /\{\{[^{}]*\}\}$/.test(text))
    problems.push({ code: "variable_at_edge", at: "body" });
  if (/\}\}\s*\{\{/.test(text)) problems.push({ code: "variables_adjacent", at: "body" });
  const words = text.replace(/\{\{[^{}]*\}\}/g, " ").match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  if (words < names.length * MIN_WORDS_PER_VARIABLE) problems.push({ code: "variables_too_dense", at: "body" });
  if (names.length > bodyExamples(body.example, isNamed)) problems.push({ code: "example_missing", at: "body" });
  return problems;
}

function bodyExamples(example: NonNullable<TemplateParts["body"]>["example"], isNamed: boolean): number {
  return (isNamed ? example?.body_text_named_params?.length : example?.body_text?.[0]?.length) ?? 0;
}

function footerProblems({ footer }: TemplateParts): TemplateProblem[] {
  if (!footer) return [];
  const problems = lengthProblems(footer.text, "footer", templateLimits.footer);
  if (placeholdersOf(footer.text).length > 0) problems.push({ code: "variable_not_allowed", at: "footer" });
  return problems;
}

function buttonProblems({ buttons }: TemplateParts): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const ofType = (type: string) => buttons.filter((button) => button.type.toUpperCase() === type).length;
  const atMost = (count: number, limit: number) => {
    if (count > limit) problems.push({ code: "too_many_buttons", at: "buttons", limit });
  };
  atMost(buttons.length, templateLimits.buttons);
  atMost(ofType("URL"), templateLimits.urlButtons);
  atMost(ofType("PHONE_NUMBER"), templateLimits.phoneButtons);
  // Quick replies form one group: QR,QR,URL is allowed, QR,URL,QR is not.
  const runs = buttons.filter((one, index) => isQuickReply(one) && !isQuickReplyAt(buttons, index - 1)).length;
  if (runs > 1) problems.push({ code: "quick_replies_not_together", at: "buttons" });
  for (const button of buttons) {
    if (button.text !== undefined) problems.push(...lengthProblems(button.text, "buttons", templateLimits.buttonText));
    if (button.text && placeholdersOf(button.text).length > 0) {
      problems.push({ code: "variable_not_allowed", at: "buttons" });
    }
    if (isUrlButton(button)) problems.push(...urlProblems(button.url, button.example));
  }
  return problems;
}

function isQuickReplyAt(buttons: TemplateParts["buttons"], index: number): boolean {
  const button = buttons[index];
  return button !== undefined && isQuickReply(button);
}

function urlProblems(url: string, example: string[] | undefined): TemplateProblem[] {
  const problems = lengthProblems(url, "buttons", templateLimits.url);
  const names = placeholdersOf(url);
  if (!URL.canParse(url.replace(/\{\{1\}\}$/, "x")) || !/^https?:/i.test(url)) {
    problems.push({ code: "url_invalid", at: "buttons" });
  }
  if (names.length > 0 && (names.length > 1 || !url.endsWith("{{1}}"))) {
    problems.push({ code: "url_variable_not_at_end", at: "buttons" });
  }
  if (names.length > 0 && !example?.[0]) problems.push({ code: "example_missing", at: "buttons" });
  return problems;
}

function nameProblems(names: string[], at: "header" | "body", isNamed: boolean): TemplateProblem[] {
  if (isNamed) return names.every((name) => /^[a-z][a-z0-9_]*$/.test(name)) ? [] : [{ code: "variable_format", at }];
  if (!names.every((name) => /^[1-9]\d*$/.test(name))) return [{ code: "variable_format", at }];
  const isSequential = names.map(Number).every((number) => number <= names.length);
  return isSequential ? [] : [{ code: "variables_not_sequential", at }];
}

function lengthProblems(text: string, at: TemplateProblem["at"], limit: number): TemplateProblem[] {
  if (text.trim() === "") return [{ code: "empty", at }];
  return [...text].length > limit ? [{ code: "too_long", at, limit }] : [];
}
