import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { callAccount } from "@/lib/numbers/commands/call-account";
import type { TemplateChoice } from "../inputs";
import { answered, changeTemplate, getTemplateRow, templateForUpdate } from "../store";
import { SENDABLE_STATUS } from "../template";

/**
 * Lifts a pause that Meta's pacing put on a template (whatsapp/cloud-api.md 6). A pause for low quality lifts by itself
 * after three or six hours; Meta refuses to lift that one earlier, and says so.
 *
 * @throws AppError("template_not_editable", { status }), AppError("whatsapp_refused" | "whatsapp_unreachable")
 */
export async function unpauseTemplate(ctx: Context, { templateId }: TemplateChoice): Promise<void> {
  authorize(ctx, "template.edit");
  const { metaId, status, numberId } = await getTemplateRow(ctx, templateId);
  if (!metaId || status !== "PAUSED") throw new AppError("template_not_editable", { status });
  answered(await callAccount(ctx, numberId, (api) => api.unpauseTemplate(metaId)));
  await transaction(ctx, async (tx) => {
    const row = await templateForUpdate(tx, templateId);
    const events = [{ kind: "unpaused" as const, was: row.status, became: SENDABLE_STATUS }];
    await changeTemplate(tx, row, { status: SENDABLE_STATUS }, { source: "person", events });
  });
}
