import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { campaignCan } from "../campaign";
import type { StopCampaign } from "../inputs";
import { lateNotice } from "../late-start";
import { campaignForUpdate, change, loadCampaign, recordHistory, refusal } from "../store";

/** Ends a campaign for good. What has not left is cancelled by the sending room; what has left keeps being recorded. */
export async function stopCampaign(ctx: Context, { campaignId, reason }: StopCampaign): Promise<void> {
  authorize(ctx, "campaign.read");
  const { row: seen } = await loadCampaign(ctx, campaignId);
  authorize(ctx, "campaign.pause", { ownedBy: seen.createdBy });
  await transaction(ctx, async (tx) => {
    const { row } = await campaignForUpdate(tx, campaignId);
    if (!campaignCan.stop(row)) throw refusal("stop", row);
    const ended = row.sendingStartedAt && !row.sendingEndedAt ? { sendingEndedAt: tx.now() } : {};
    await change(tx, "stop", row, { status: "stopped", resumesAs: null, ...ended });
    await resolveNotice(tx, lateNotice(campaignId));
    await recordHistory(tx, campaignId, "stopped", { was: row.status, reason });
    await audit(tx, "campaign.stopped", { was: row.status }, campaignId);
  });
  log.info("campaign.stopped", { campaignId });
}
