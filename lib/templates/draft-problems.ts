import { readComponents } from "@/lib/whatsapp/components";
import type { TemplateProblem } from "@/lib/whatsapp/template-problem";
import { checkTemplateDraft, type ExistingTemplate } from "@/lib/whatsapp/template-rules";
import type { CreateTemplate } from "./inputs";
import { findOptOut, needsOptOut } from "./opt-out";

export type DraftProblem = TemplateProblem | { code: "opt_out_missing"; at: "components" };

/**
 * What is wrong with a draft before anybody is asked: Meta's rules, and the way out that marketing owes its reader.
 *
 * @param others templates of the same account, where they are at hand: a name and a text are used once a language
 */
export function draftProblems(
  draft: Omit<CreateTemplate, "numberId">,
  others: readonly ExistingTemplate[] = [],
): DraftProblem[] {
  const { name, language, category, parameterFormat, components, ttlSeconds } = draft;
  const wanted = { name, language, category, parameter_format: parameterFormat, components };
  const problems: DraftProblem[] = checkTemplateDraft({ ...wanted, message_send_ttl_seconds: ttlSeconds }, others);
  const parts = readComponents(components);
  if (parts && needsOptOut(category) && !findOptOut(parts))
    problems.push({ code: "opt_out_missing", at: "components" });
  return problems;
}
