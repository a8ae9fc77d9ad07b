import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { campaignCan } from "../campaign";
import type { CampaignChoice } from "../inputs";
import { campaignForUpdate, change, loadCampaign, recordHistory, refusal } from "../store";

/** Stops the sending for now: no request begins more than 2 s after this commits (compliance/design.md 3.2). */
export async function pauseCampaign(ctx: Context, { campaignId }: CampaignChoice): Promise<void> {
  authorize(ctx, "campaign.read");
  const { row: seen } = await loadCampaign(ctx, campaignId);
  authorize(ctx, "campaign.pause", { ownedBy: seen.createdBy });
  await transaction(ctx, async (tx) => {
    const { row } = await campaignForUpdate(tx, campaignId);
    if (!campaignCan.pause(row)) throw refusal("pause", row);
    await change(tx, "pause", row, { status: "paused", resumesAs: row.status });
    await recordHistory(tx, campaignId, "paused", { was: row.status });
    await audit(tx, "campaign.paused", { was: row.status }, campaignId);
  });
  log.info("campaign.paused", { campaignId });
}
