import { and, desc, eq, inArray, or, sql } from "drizzle-orm";
import { templateEvents, templates } from "@/db/schema/templates";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";
import { syncTemplatesJob } from "../jobs";
import { keyOf } from "../notices";
import { withReportedText } from "../reported-text";
import { changeTemplate, type EventDetail, type TemplateChange, type TemplateRow } from "../store";
import { normaliseLanguage, statusOfEvent } from "../template";

export type TemplateReport = ItemOf<
  "template_status" | "template_quality" | "template_category" | "template_components"
>;

export type RecordedChange =
  | { kind: "recorded"; templateId: string }
  /** A later report of the same kind came first (webhooks arrive in any order). */
  | { kind: "outdated"; templateId: string }
  /** Left to the next synchronisation. */
  | { kind: "unknown_template" };

/**
 * Keeps what a webhook says about a template: review, pause, disabling, quality, category, another text. Repeating it
 * changes nothing. What follows from it (a frozen experiment, a blocked pre-flight) is read from the row by its room.
 */
export async function recordTemplateChange(ctx: Context, report: TemplateReport): Promise<RecordedChange> {
  authorize(ctx, "template.edit");
  return transaction(ctx, async (tx) => {
    const row = await reportedRow(tx, report);
    if (!row) return { kind: "unknown_template" };
    if (await isOutdated(tx, row.id, report)) return { kind: "outdated", templateId: row.id };
    const { change, detail } = changeOf(row, report);
    const told = { ...detail, ...(report.at && { metaAt: report.at.toISOString() }) };
    await changeTemplate(tx, row, change, { source: "webhook", detail: told });
    if (report.kind === "template_status" && report.event.toUpperCase() === "REINSTATED")
      await resolveNotice(tx, keyOf("template_flagged", row.id));
    // The webhook leaves out media, cards and examples: the template is read whole as soon as may be.
    if (report.kind === "template_components")
      await enqueue(tx.db, syncTemplatesJob, {}, { key: "templates.sync_templates after a webhook" });
    return { kind: "recorded", templateId: row.id };
  });
}

/** By Meta's id; by name and language while the answer to its creation is still on its way. */
async function reportedRow(tx: Context, report: TemplateReport): Promise<TemplateRow | undefined> {
  const { wabaId, templateId, name } = report;
  const named = and(eq(templates.name, name), eq(templates.language, normaliseLanguage(report.language)));
  const [row] = await tx.db
    .select()
    .from(templates)
    .where(and(eq(templates.wabaId, wabaId), or(eq(templates.metaId, templateId), named)))
    .orderBy(sql`${templates.metaId} is not distinct from ${templateId} desc`)
    .limit(1)
    .for("update");
  return row;
}

const eventKinds = {
  template_status: ["status"],
  template_quality: ["quality"],
  template_category: ["category", "category_notice"],
  template_components: ["text"],
} as const;

async function isOutdated(tx: Context, templateId: string, { kind, at }: TemplateReport): Promise<boolean> {
  if (!at) return false;
  const [latest] = await tx.db
    .select({ detail: templateEvents.detail })
    .from(templateEvents)
    .where(
      and(
        eq(templateEvents.templateId, templateId),
        eq(templateEvents.source, "webhook"),
        inArray(templateEvents.kind, [...eventKinds[kind]]),
      ),
    )
    .orderBy(desc(templateEvents.at), desc(templateEvents.id))
    .limit(1);
  const metaAt = latest?.detail.metaAt;
  return typeof metaAt === "string" && at < new Date(metaAt);
}

function changeOf(row: TemplateRow, report: TemplateReport): { change: TemplateChange; detail: EventDetail } {
  switch (report.kind) {
    case "template_status": {
      const { event, title, description, reason, rejection, disabledAt, category } = report;
      const status = statusOfEvent(event, row.status);
      const rejectedReason = reason && reason !== "NONE" ? reason : null;
      return {
        change: {
          status,
          rejectedReason: status === "REJECTED" ? rejectedReason : null,
          pauseTitle: status === "PAUSED" ? (title ?? null) : null,
          disabledAt: status === "DISABLED" ? (disabledAt ?? row.disabledAt) : null,
          category: category?.toUpperCase(),
        },
        detail: told({
          title,
          description,
          reason: rejectedReason ?? undefined,
          rejection: rejection?.reason,
          recommendation: rejection?.recommendation,
          disabledAt: disabledAt?.toISOString(),
        }),
      };
    }
    case "template_quality":
      return { change: { quality: report.current.toUpperCase() }, detail: {} };
    case "template_category":
      return report.phase === "done"
        ? { change: { category: report.current.toUpperCase(), nextCategory: null, nextCategoryAt: null }, detail: {} }
        : {
            change: { nextCategory: report.next?.toUpperCase() ?? null, nextCategoryAt: report.takesEffectAt ?? null },
            detail: told({ takesEffectAt: report.takesEffectAt?.toISOString() }),
          };
    case "template_components":
      return { change: { components: withReportedText(row.components, report) }, detail: {} };
  }
}

function told(facts: Record<string, string | undefined>): EventDetail {
  return Object.fromEntries(Object.entries(facts).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}
