import { eq } from "drizzle-orm";
import * as z from "zod";
import { optInForms, purposes } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { formSlug } from "../opt-in-form";

export const CreateOptInForm = z.object({
  purposeId: z.uuid(),
  /** For the team: people see the brand and the text. */
  name: z.string().trim().min(1).max(120),
  slug: formSlug,
});
export type CreateOptInForm = z.input<typeof CreateOptInForm>;

/**
 * A public page where people agree to a purpose. It shows the purpose's text in force, never one of its own.
 *
 * @throws AppError form_address_taken, not_found for a purpose that does not exist
 */
export async function createOptInForm(ctx: Context, input: CreateOptInForm): Promise<{ formId: string; slug: string }> {
  authorize(ctx, "form.edit");
  const form = CreateOptInForm.parse(input);
  return transaction(ctx, async (tx) => {
    const [purpose] = await tx.db.select({ id: purposes.id }).from(purposes).where(eq(purposes.id, form.purposeId));
    if (!purpose) throw new AppError("not_found", { what: "purpose" });
    const formId = newId();
    const [made] = await tx.db
      .insert(optInForms)
      .values({ id: formId, ...form, createdAt: tx.now() })
      .onConflictDoNothing({ target: optInForms.slug })
      .returning({ id: optInForms.id });
    if (!made) throw new AppError("form_address_taken", { field: "slug", reason: "form_address_taken" });
    await audit(tx, "opt_in_form.created", { id: formId, purpose: form.purposeId, slug: form.slug }, formId);
    return { formId, slug: form.slug };
  });
}
