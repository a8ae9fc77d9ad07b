import * as z from "zod";
import { authenticationProblems } from "./authentication-rules";
import { readComponents, type TemplateParts } from "./components";
import { templateLanguages } from "./template-languages";
import { partProblems } from "./template-part-rules";
import { type TemplateProblem, templateLimits } from "./template-problem";

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
    ...repeatedProblems(draft.components),
    ...(category === "AUTHENTICATION"
      ? authenticationProblems(typed.parse(draft.components))
      : [...shapeProblems(parts), ...partProblems(parts, { isNamed, category })]),
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
  // What is no number is out of range too.
  if (ttl !== undefined && !isEndless && !(ttl >= bounds.least && ttl <= bounds.most)) {
    problems.push({ code: "ttl_out_of_range", at: "ttl", limit: ttl > bounds.most ? bounds.most : bounds.least });
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

const typed = z.array(z.looseObject({ type: z.string() }));

/** Every part stands once. */
function repeatedProblems(components: unknown): TemplateProblem[] {
  const types = typed.parse(components).map(({ type }) => type.toUpperCase());
  return new Set(types).size < types.length ? [{ code: "part_repeated", at: "components" }] : [];
}

/** The list as a whole: every part readable, and a body. */
function shapeProblems(parts: TemplateParts): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  if (parts.others.length > 0) problems.push({ code: "components_malformed", at: "components" });
  if (!parts.body) problems.push({ code: "body_missing", at: "body" });
  return problems;
}
