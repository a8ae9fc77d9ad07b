import { desc, eq } from "drizzle-orm";
import * as z from "zod";
import { users } from "@/db/schema/identity";
import { templateDrafts } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type TemplateDraft, templateDraft } from "../draft";

const MOST_DRAFTS = 50;

export interface DraftView {
  draftId: string;
  /** The template that it changes. */
  templateId: string | null;
  content: TemplateDraft;
  /** Code and Meta's words of the last try. */
  refusal: { code: string; detail: string | null } | null;
  by: string | null;
  updatedAt: Date;
}

/** What is being written and not yet at Meta, latest first. */
export async function listDrafts(ctx: Context): Promise<DraftView[]> {
  authorize(ctx, "template.edit");
  return (await drafts(ctx).orderBy(desc(templateDrafts.updatedAt)).limit(MOST_DRAFTS)).flatMap(viewOf);
}

/** @throws AppError("not_found"), also for one that an older version wrote in another shape */
export async function getDraft(ctx: Context, { draftId }: { draftId: string }): Promise<DraftView> {
  authorize(ctx, "template.edit");
  const [draft] = (await drafts(ctx).where(eq(templateDrafts.id, draftId)).limit(1)).flatMap(viewOf);
  if (!draft) throw new AppError("not_found", { draftId });
  return draft;
}

function drafts(ctx: Context) {
  return ctx.db
    .select({ draft: templateDrafts, by: users.name })
    .from(templateDrafts)
    .leftJoin(users, eq(users.id, templateDrafts.createdBy))
    .$dynamic();
}

const kept = z.object({ code: z.string(), detail: z.string().nullable().catch(null) }).nullable();

function viewOf({ draft, by }: { draft: typeof templateDrafts.$inferSelect; by: string | null }): DraftView[] {
  const content = templateDraft.safeParse(draft.content);
  if (!content.success) return [];
  const { id: draftId, templateId, updatedAt } = draft;
  return [{ draftId, templateId, content: content.data, refusal: kept.parse(draft.refusal), by, updatedAt }];
}
