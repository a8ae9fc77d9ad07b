"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { publicId } from "@/lib/foundation/ids";
import { createTemplate } from "@/lib/templates/commands/create-template";
import { deleteTemplate } from "@/lib/templates/commands/delete-template";
import { syncTemplates } from "@/lib/templates/commands/sync-templates";
import { CreateTemplateInput, TemplateInput } from "@/lib/templates/inputs";
import { NoInput } from "./no-input";

const refresh = () => revalidatePath("/templates", "layout");

export const create = action(
  CreateTemplateInput,
  async (ctx, input) => {
    const created = await createTemplate(ctx, input);
    return created.kind === "created" ? { ...created, templateId: publicId("tpl", created.templateId) } : created;
  },
  refresh,
);
export const remove = action(TemplateInput, deleteTemplate, refresh);
export const synchronise = action(NoInput, (ctx) => syncTemplates(ctx), refresh);
