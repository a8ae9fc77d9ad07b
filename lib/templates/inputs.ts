import * as z from "zod";
import { type IdPrefix, isUuid, parsePublicId } from "@/lib/foundation/ids";
import { templateDraft } from "./draft";
import { normaliseLanguage, templateCategories } from "./template";

/** An id as people see it (`tpl_…`) or as rows keep it; leaves as the latter. */
export function idOf(prefix: IdPrefix) {
  return z.string().transform((text, context) => {
    const id = isUuid(text) ? text : parsePublicId(prefix, text);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: `not an id (${prefix}_…)` });
    return z.NEVER;
  });
}

export const CreateTemplateInput = z.object({
  numberId: idOf("num"),
  name: z.string().trim().max(512),
  language: z
    .string()
    .trim()
    .transform(normaliseLanguage)
    .pipe(z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/)),
  category: z.enum(templateCategories),
  parameterFormat: z.enum(["POSITIONAL", "NAMED"]).default("POSITIONAL"),
  components: z.array(z.record(z.string(), z.json())).min(1).max(10),
  /** How long Meta tries to deliver; its default of the category when absent. */
  ttlSeconds: z.int().optional(),
});
export type CreateTemplate = z.output<typeof CreateTemplateInput>;

/** What stands in the form: the draft that keeps it and the template that it changes, where there are any. */
export const DraftInput = z.object({
  draftId: idOf("tdr").optional(),
  templateId: idOf("tpl").optional(),
  content: templateDraft,
});
export type DraftToKeep = z.output<typeof DraftInput>;

export const DraftChoiceInput = z.object({ draftId: idOf("tdr") });

export const TemplateInput = z.object({ templateId: idOf("tpl") });
export type TemplateChoice = z.output<typeof TemplateInput>;
