import { eq } from "drizzle-orm";
import { templateDrafts } from "@/db/schema/templates";
import { AppError, type AppErrorParams } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { DraftToKeep } from "../inputs";
import { personOf } from "../store";

/**
 * Keeps what somebody has written, right or wrong, until Meta has taken it or somebody discards it.
 *
 * @param refusal why the last try failed; null after a change
 * @throws AppError("not_found") for a draft that was discarded meanwhile
 */
export async function keepDraft(
  ctx: Context,
  { draftId, templateId, content }: DraftToKeep,
  refusal: AppErrorParams | null = null,
): Promise<{ draftId: string }> {
  authorize(ctx, "template.edit");
  const now = ctx.now();
  if (draftId) {
    const kept = await ctx.db
      .update(templateDrafts)
      .set({ content, refusal, updatedAt: now })
      .where(eq(templateDrafts.id, draftId))
      .returning({ draftId: templateDrafts.id });
    if (!kept[0]) throw new AppError("not_found", { draftId });
    return kept[0];
  }
  const id = newId();
  await ctx.db
    .insert(templateDrafts)
    .values({ id, templateId, content, refusal, createdBy: personOf(ctx), createdAt: now, updatedAt: now });
  return { draftId: id };
}

/** Somebody does not want it any more, or Meta has taken it. */
export async function discardDraft(ctx: Context, { draftId }: { draftId: string }): Promise<void> {
  authorize(ctx, "template.edit");
  await ctx.db.delete(templateDrafts).where(eq(templateDrafts.id, draftId));
}
