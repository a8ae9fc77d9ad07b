import { readComponents } from "@/lib/whatsapp/components";
import type { TemplateProblem } from "@/lib/whatsapp/template-problem";
import { checkTemplateDraft } from "@/lib/whatsapp/template-rules";
import type { CreateTemplate } from "./inputs";
import { findOptOut, needsOptOut } from "./opt-out";

export type DraftProblem = TemplateProblem | { code: "opt_out_missing"; at: "components" };

/** What is wrong with a draft before anybody is asked: Meta's rules, and the way out that marketing owes its reader. */
export function draftProblems(draft: Omit<CreateTemplate, "numberId">): DraftProblem[] {
  const { name, language, category, parameterFormat, components, ttlSeconds } = draft;
  const problems: DraftProblem[] = checkTemplateDraft({
    name,
    language,
    category,
    parameter_format: parameterFormat,
    message_send_ttl_seconds: ttlSeconds,
    components,
  });
  const parts = readComponents(components);
  if (parts && needsOptOut(category) && !findOptOut(parts))
    problems.push({ code: "opt_out_missing", at: "components" });
  return problems;
}
