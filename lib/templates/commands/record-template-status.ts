import { and, eq, or } from "drizzle-orm";
import { templates } from "@/db/schema/templates";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { normaliseLanguage, statusOfEvent, type TemplateReport } from "../template";

/**
 * Keeps what a webhook says about a template: review, pause, quality, category. Repeating it changes nothing; one about a
 * template that we do not know is left to the next synchronisation.
 */
export async function recordTemplateStatus(
  ctx: Context,
  report: TemplateReport,
): Promise<{ kind: "recorded"; templateId: string } | { kind: "unknown_template" }> {
  authorize(ctx, "template.edit");
  return transaction(ctx, async (tx) => {
    const named = and(eq(templates.name, report.name), eq(templates.language, normaliseLanguage(report.language)));
    const same = and(eq(templates.wabaId, report.wabaId), or(eq(templates.metaId, report.metaId), named));
    const [template] = await tx.db.select().from(templates).where(same).limit(1).for("update");
    if (!template) return { kind: "unknown_template" };
    const status = report.event ? statusOfEvent(report.event) : template.status;
    const category = report.category?.toUpperCase() ?? template.category;
    const quality = report.quality ?? template.quality;
    const isSame = status === template.status && category === template.category && quality === template.quality;
    if (isSame) return { kind: "recorded", templateId: template.id };
    const isReview = report.event !== undefined;
    const reason = report.reason && report.reason !== "NONE" ? report.reason : null;
    await tx.db
      .update(templates)
      .set({
        status,
        category,
        quality,
        rejectedReason: isReview ? reason : template.rejectedReason,
        deletedAt: status === "DELETED" ? tx.now() : template.deletedAt,
        updatedAt: tx.now(),
      })
      .where(eq(templates.id, template.id));
    await audit(tx, "template.status_changed", { was: template.status, status, category, quality }, template.id);
    log.info("template.status_changed", { templateId: template.id, status, quality });
    return { kind: "recorded", templateId: template.id };
  });
}
