import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { deleteTemplate } from "@/lib/templates/commands/delete-template";
import { type Submitted, submitDraft } from "@/lib/templates/commands/submit-draft";
import type { DraftToKeep, TemplateChoice } from "@/lib/templates/inputs";
import type { CampaignStatus } from "../campaign";
import { listCampaignsUsingTemplate } from "../queries/list-campaigns-using-template";

/** What people are sent, or may be at any moment without anybody looking at it again. */
const RUNNING: readonly CampaignStatus[] = ["scheduled", "sending", "paused", "frozen"];

/**
 * Sends a draft to Meta's review, unless it would change the text of a running campaign under its feet.
 *
 * @throws AppError("template_in_use", { campaign })
 */
export async function submitTemplate(ctx: Context, input: DraftToKeep): Promise<Submitted> {
  authorize(ctx, "template.edit");
  if (input.templateId) await refuseInUse(ctx, input.templateId);
  return submitDraft(ctx, input);
}

/**
 * Deletes a template at Meta, unless a running campaign speaks it.
 *
 * @throws AppError("template_in_use", { campaign })
 */
export async function removeTemplate(ctx: Context, input: TemplateChoice): Promise<void> {
  authorize(ctx, "template.edit");
  await refuseInUse(ctx, input.templateId);
  await deleteTemplate(ctx, input);
}

async function refuseInUse(ctx: Context, templateId: string): Promise<void> {
  const [campaign] = await listCampaignsUsingTemplate(ctx, { templateId, statuses: RUNNING });
  if (campaign) throw new AppError("template_in_use", { campaign: campaign.name });
}
