import { desc, eq } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import { templateEvents, templateVersions } from "@/db/schema/templates";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type Preview, previewTemplate } from "@/lib/whatsapp/components";
import type { TemplateChoice } from "../inputs";
import { getNumber, getTemplateRow } from "../store";
import { editableStatuses } from "../template";
import { summaryOf, type TemplateSummary } from "./list-templates";

export interface TemplateView extends TemplateSummary {
  preview: Preview;
  metaId: string | null;
  /** Every text it ever had, newest first. */
  versions: { since: Date; sha256: string; preview: Preview }[];
  pauseTitle: string | null;
  nextCategory: string | null;
  nextCategoryAt: Date | null;
  disabledAt: Date | null;
  ttlSeconds: number | null;
  isEditable: boolean;
  /** What happened to it, newest first. */
  events: TemplateEventView[];
}

export interface TemplateEventView {
  id: string;
  at: Date;
  kind: (typeof templateEvents.$inferSelect)["kind"];
  source: (typeof templateEvents.$inferSelect)["source"];
  was: string | null;
  became: string | null;
  detail: Record<string, string | number | null>;
  by: string | null;
}

const MOST_EVENTS = 100;

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
  const events = await ctx.db
    .select({ event: templateEvents, by: users.name })
    .from(templateEvents)
    .leftJoin(users, eq(users.id, templateEvents.by))
    .where(eq(templateEvents.templateId, templateId))
    .orderBy(desc(templateEvents.at), desc(templateEvents.id))
    .limit(MOST_EVENTS);
  const { pauseTitle, nextCategory, nextCategoryAt, disabledAt, ttlSeconds } = template;
  return {
    pauseTitle,
    nextCategory,
    nextCategoryAt,
    disabledAt,
    ttlSeconds,
    isEditable: editableStatuses.some((one) => one === template.status),
    events: events.map(({ event: { templateId: _, ...event }, by }) => ({ ...event, by })),
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
