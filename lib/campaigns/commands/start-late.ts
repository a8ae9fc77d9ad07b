import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import type { CampaignChoice } from "../inputs";
import { lateNotice } from "../late-start";
import { blockers } from "../preflight-row";
import { computePreflight } from "../queries/get-preflight";
import { campaignForUpdate, change, recordHistory, refusal } from "../store";

/** Lets a campaign that missed its start begin now. The checklist is computed again, and the content must be what was approved. */
export async function startLate(ctx: Context, { campaignId }: CampaignChoice): Promise<void> {
  authorize(ctx, "campaign.launch");
  await transaction(ctx, async (tx) => {
    const campaign = await campaignForUpdate(tx, campaignId);
    const { row, contentHash } = campaign;
    if (row.status !== "scheduled" || !row.lateSince) throw refusal("launch", row);
    if (row.approvedHash !== contentHash) throw new AppError("campaign_changed", { campaignId });
    const blocking = blockers(await computePreflight(tx, campaign));
    if (blocking.length > 0) throw new AppError("preflight_blocked", { campaignId, rows: blocking.join(",") });
    await change(tx, "cancelLaunch", row, { lateSince: null, lateAcceptedAt: tx.now() });
    await resolveNotice(tx, lateNotice(campaignId));
    await recordHistory(tx, campaignId, "started_late");
    await audit(tx, "campaign.started_late", {}, campaignId);
  });
  log.info("campaign.started_late", { campaignId });
}
