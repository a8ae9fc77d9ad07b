import { eq } from "drizzle-orm";
import * as z from "zod";
import { optInForms } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

export const SetOptInFormOpen = z.object({ formId: z.uuid(), isOpen: z.boolean() });

/** Closes a form, or opens it again. Printed codes lead to it for years, so it never goes away. */
export async function setOptInFormOpen(
  ctx: Context,
  { formId, isOpen }: z.infer<typeof SetOptInFormOpen>,
): Promise<void> {
  authorize(ctx, "form.edit");
  await transaction(ctx, async (tx) => {
    const [changed] = await tx.db
      .update(optInForms)
      .set({ closedAt: isOpen ? null : tx.now() })
      .where(eq(optInForms.id, formId))
      .returning({ id: optInForms.id });
    if (!changed) throw new AppError("not_found", { what: "form" });
    await audit(tx, isOpen ? "opt_in_form.opened" : "opt_in_form.closed", { id: formId }, formId);
  });
}
