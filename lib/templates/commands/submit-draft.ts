import { AppError, type AppErrorCode, isAppError } from "@/lib/foundation/errors";
import { parsePublicId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { componentsOf, type TemplateDraft, ttlSecondsOf } from "../draft";
import type { DraftProblem } from "../draft-problems";
import type { DraftToKeep } from "../inputs";
import { normaliseLanguage } from "../template";
import { createTemplate } from "./create-template";
import { editTemplate } from "./edit-template";
import { discardDraft, keepDraft } from "./keep-draft";

export type Submitted =
  | { kind: "submitted"; templateId: string; status: string }
  /** Nothing was sent: these rules would have refused it. What was written is kept. */
  | { kind: "invalid"; draftId: string; problems: DraftProblem[] }
  /** Meta did not take it or could not be asked: what was written is kept. */
  | { kind: "refused"; draftId: string; code: AppErrorCode; detail: string | null };

/**
 * Sends what somebody has written to Meta's review: as a new template, or as the new text of one. It is kept first, so that
 * nothing is lost when Meta does not answer or refuses; once Meta has taken it, the draft is gone.
 */
export async function submitDraft(ctx: Context, input: DraftToKeep): Promise<Submitted> {
  authorize(ctx, "template.edit");
  const { draftId } = await keepDraft(ctx, input);
  try {
    const done = await submit(ctx, input);
    if (done.kind === "invalid") return { ...done, draftId };
    await discardDraft(ctx, { draftId });
    return { kind: "submitted", templateId: done.templateId, status: done.status };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, params } = error;
    const detail = typeof params.detail === "string" && params.detail !== "" ? params.detail : null;
    await keepDraft(ctx, { ...input, draftId }, { code, detail });
    return { kind: "refused", draftId, code, detail };
  }
}

async function submit(ctx: Context, { templateId, content }: DraftToKeep) {
  const components = componentsOf(content);
  const ttlSeconds = ttlSecondsOf(content);
  const { name, category, parameterFormat } = content;
  if (templateId) return editTemplate(ctx, { templateId, category, components, ttlSeconds });
  const language = normaliseLanguage(content.language);
  return createTemplate(ctx, {
    numberId: numberOf(content),
    name,
    language,
    category,
    parameterFormat,
    components,
    ttlSeconds,
  });
}

function numberOf({ numberId }: TemplateDraft): string {
  const id = parsePublicId("num", numberId);
  if (!id) throw new AppError("not_found", { numberId });
  return id;
}
