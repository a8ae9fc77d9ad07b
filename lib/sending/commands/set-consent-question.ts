import { and, eq, isNull } from "drizzle-orm";
import * as z from "zod";
import { purposes } from "@/db/schema/consent";
import { phoneNumbers } from "@/db/schema/numbers";
import { templates } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { questionParameters, questionPayloads } from "../consent-question";

export const SetConsentQuestionInput = z.object({
  purposeId: z.uuid(),
  /** Null: nobody is asked over WhatsApp. */
  templateId: z.uuid().nullable(),
});
export type SetConsentQuestionInput = z.infer<typeof SetConsentQuestionInput>;

/**
 * With which template people are asked to confirm what was requested for a purpose with double opt-in. From then on everybody
 * who waits is asked, each once for each request.
 *
 * @throws template_not_usable when the template is no question: two quick replies, nothing open but words; or another brand's
 */
export async function setConsentQuestion(
  ctx: Context,
  { purposeId, templateId }: SetConsentQuestionInput,
): Promise<void> {
  authorize(ctx, "policy.approve");
  await transaction(ctx, async (tx) => {
    if (templateId !== null) {
      const [template] = await tx.db
        .select({ components: templates.components, language: templates.language })
        .from(templates)
        .innerJoin(phoneNumbers, eq(phoneNumbers.id, templates.numberId))
        .innerJoin(purposes, eq(purposes.brandId, phoneNumbers.brandId)) // a brand asks for itself
        .where(and(eq(templates.id, templateId), eq(purposes.id, purposeId), isNull(templates.deletedAt)));
      const isQuestion =
        template && questionPayloads(template.components, purposeId) !== undefined && questionParameters(template);
      if (!isQuestion) throw new AppError("template_not_usable", { field: "templateId" });
    }
    const changed = await tx.db
      .update(purposes)
      .set({ questionTemplateId: templateId })
      .where(eq(purposes.id, purposeId))
      .returning({ id: purposes.id });
    if (changed.length === 0) throw new AppError("not_found", { purposeId });
    await audit(tx, "purpose.question_set", { template: templateId }, purposeId);
  });
}
