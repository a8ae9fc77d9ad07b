import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { campaignCan } from "../campaign";
import type { CampaignChoice } from "../inputs";
import { campaignForUpdate, change, recordHistory, refusal } from "../store";

/** Puts a campaign out of sight: drafts, concluded and stopped ones. Nothing is deleted. */
export async function archiveCampaign(ctx: Context, { campaignId }: CampaignChoice): Promise<void> {
  authorize(ctx, "campaign.edit");
  await transaction(ctx, async (tx) => {
    const { row } = await campaignForUpdate(tx, campaignId);
    if (!campaignCan.archive(row)) throw refusal("archive", row);
    await change(tx, "archive", row, { status: "archived" });
    await recordHistory(tx, campaignId, "archived", { was: row.status });
    await audit(tx, "campaign.archived", { was: row.status }, campaignId);
  });
}
