import { and, asc, eq, ilike, isNull } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { templates } from "@/db/schema/templates";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { previewTemplate, readComponents } from "@/lib/whatsapp/components";
import { findOptOut } from "../opt-out";
import { noNeeds, type TemplateNeeds, templateNeeds } from "../parameters";
import { SENDABLE_STATUS } from "../template";

/** Meta allows 6,000 templates an account; more than this on one page helps nobody. */
const MOST_TEMPLATES = 500;

export interface TemplateFilter {
  status?: string;
  numberId?: string;
  /** Part of the name. */
  search?: string;
}

export interface TemplateSummary {
  id: string;
  numberId: string;
  senderName: string;
  name: string;
  language: string;
  category: string;
  status: string;
  isSendable: boolean;
  quality: string;
  rejectedReason: string | null;
  parameterFormat: "POSITIONAL" | "NAMED";
  /** As it stands, placeholders visible. */
  body: string;
  hasOptOut: boolean;
  needs: TemplateNeeds;
  components: unknown;
  /** Our files by place, as chosen by whoever wrote it. */
  media: Record<string, string>;
  updatedAt: Date;
  syncedAt: Date | null;
}

/** Which templates can I send? By name and language, what is deleted at Meta left out. */
export async function listTemplates(ctx: Context, filter: TemplateFilter = {}): Promise<TemplateSummary[]> {
  authorize(ctx, "template.read");
  const rows = await ctx.db
    .select({ template: templates, senderName: phoneNumbers.verifiedName })
    .from(templates)
    .innerJoin(phoneNumbers, eq(phoneNumbers.id, templates.numberId))
    .where(
      and(
        isNull(templates.deletedAt),
        filter.status ? eq(templates.status, filter.status) : undefined,
        filter.numberId ? eq(templates.numberId, filter.numberId) : undefined,
        filter.search ? ilike(templates.name, `%${filter.search.replace(/[\\%_]/g, "\\$&")}%`) : undefined,
      ),
    )
    .orderBy(asc(templates.name), asc(templates.language))
    .limit(MOST_TEMPLATES);
  return rows.map(({ template, senderName }) => summaryOf(template, senderName));
}

type Row = typeof templates.$inferSelect;

export function summaryOf(template: Row, senderName: string): TemplateSummary {
  const { id, numberId, name, language, category, status, quality, rejectedReason, parameterFormat } = template;
  const parts = readComponents(template.components);
  return {
    id,
    numberId,
    senderName,
    name,
    language,
    category,
    status,
    isSendable: status === SENDABLE_STATUS,
    quality,
    rejectedReason,
    parameterFormat,
    body: previewTemplate(template.components, {}).body,
    hasOptOut: parts !== undefined && findOptOut(parts) !== undefined,
    needs: templateNeeds(template.components) ?? noNeeds,
    components: template.components,
    media: template.media,
    updatedAt: template.updatedAt,
    syncedAt: template.syncedAt,
  };
}
