import { desc, eq } from "drizzle-orm";
import { templateVersions } from "@/db/schema/templates";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type Preview, previewTemplate } from "@/lib/whatsapp/components";
import type { TemplateChoice } from "../inputs";
import { getNumber, getTemplateRow } from "../store";
import { summaryOf, type TemplateSummary } from "./list-templates";

export interface TemplateView extends TemplateSummary {
  preview: Preview;
  metaId: string | null;
  /** Every text it ever had, newest first. */
  versions: { since: Date; sha256: string; preview: Preview }[];
}

/** @throws AppError("not_found") */
export async function getTemplate(ctx: Context, { templateId }: TemplateChoice): Promise<TemplateView> {
  authorize(ctx, "template.read");
  const template = await getTemplateRow(ctx, templateId);
  const number = await getNumber(ctx, template.numberId);
  const versions = await ctx.db
    .select()
    .from(templateVersions)
    .where(eq(templateVersions.templateId, templateId))
    .orderBy(desc(templateVersions.since))
    .limit(100);
  return {
    ...summaryOf(template, number.verifiedName),
    metaId: template.metaId,
    preview: previewTemplate(template.components, {}),
    versions: versions.map(({ since, componentsSha256, components }) => ({
      since,
      sha256: componentsSha256.toString("hex"),
      preview: previewTemplate(components, {}),
    })),
  };
}
