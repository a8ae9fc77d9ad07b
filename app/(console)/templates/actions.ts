"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { removeTemplate, submitTemplate } from "@/lib/campaigns/commands/change-template";
import { publicId } from "@/lib/foundation/ids";
import { discardDraft, keepDraft as keep } from "@/lib/templates/commands/keep-draft";
import { syncTemplates } from "@/lib/templates/commands/sync-templates";
import { unpauseTemplate } from "@/lib/templates/commands/unpause-template";
import { DraftChoiceInput, DraftInput, TemplateInput } from "@/lib/templates/inputs";
import { NoInput } from "./no-input";

const refresh = () => revalidatePath("/templates", "layout");

export const submit = action(
  DraftInput,
  async (ctx, input) => {
    const done = await submitTemplate(ctx, input);
    switch (done.kind) {
      case "submitted":
        return { ...done, templateId: publicId("tpl", done.templateId) };
      case "refused":
      case "invalid":
        return { ...done, draftId: publicId("tdr", done.draftId) };
    }
  },
  refresh,
);
export const keepDraft = action(
  DraftInput,
  async (ctx, input) => ({ draftId: publicId("tdr", (await keep(ctx, input)).draftId) }),
  refresh,
);
export const discard = action(DraftChoiceInput, discardDraft, refresh);
export const remove = action(TemplateInput, removeTemplate, refresh);
export const unpause = action(TemplateInput, unpauseTemplate, refresh);
export const synchronise = action(NoInput, (ctx) => syncTemplates(ctx), refresh);
