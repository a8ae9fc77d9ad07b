import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { callAccount } from "@/lib/numbers/commands/call-account";
import type { TemplateChoice } from "../inputs";
import { answered, changeTemplate, getTemplateRow, templateForUpdate } from "../store";

/**
 * Deletes one language of a template at Meta. The row and its texts stay, because people received them. Meta blocks the
 * name of an approved one for 30 days (whatsapp/cloud-api.md 5.1).
 */
export async function deleteTemplate(ctx: Context, { templateId }: TemplateChoice): Promise<void> {
  authorize(ctx, "template.edit");
  const template = await getTemplateRow(ctx, templateId);
  const metaId = template.metaId ?? undefined;
  answered(
    await callAccount(ctx, template.numberId, (api) => api.deleteTemplate(template.wabaId, template.name, metaId)),
  );
  await transaction(ctx, async (tx) => {
    const row = await templateForUpdate(tx, templateId);
    await changeTemplate(tx, row, { status: "DELETED" }, { source: "person" });
  });
}
