import { eq } from "drizzle-orm";
import * as z from "zod";
import { optInForms, optInFormTags } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { formTag } from "../opt-in-form";

export const AddFormTag = z.object({
  formId: z.uuid(),
  tag: formTag,
  /** For the team. */
  label: z.string().trim().min(1).max(80),
});

/**
 * Another place where a form is shown: it has its own address and QR code, and who comes from there is counted apart.
 *
 * @throws AppError form_address_taken when the form has that tag
 */
export async function addFormTag(ctx: Context, input: z.input<typeof AddFormTag>): Promise<void> {
  authorize(ctx, "form.edit");
  const { formId, tag, label } = AddFormTag.parse(input);
  await transaction(ctx, async (tx) => {
    const [form] = await tx.db.select({ id: optInForms.id }).from(optInForms).where(eq(optInForms.id, formId));
    if (!form) throw new AppError("not_found", { what: "form" });
    const [made] = await tx.db
      .insert(optInFormTags)
      .values({ formId, tag, label, createdAt: tx.now() })
      .onConflictDoNothing()
      .returning({ tag: optInFormTags.tag });
    if (!made) throw new AppError("form_address_taken", { field: "tag", reason: "form_address_taken" });
    await audit(tx, "opt_in_form.tag_added", { form: formId, tag }, formId);
  });
}
