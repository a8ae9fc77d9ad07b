import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { campaignCan } from "../campaign";
import type { CampaignChoice } from "../inputs";
import { lateNotice } from "../late-start";
import { blockers } from "../preflight-row";
import { computePreflight } from "../queries/get-preflight";
import { campaignForUpdate, change, recordHistory, refusal } from "../store";

/** Goes on after a pause, as what it was. The checklist is computed again, and the content must still be what was approved. */
export async function resumeCampaign(ctx: Context, { campaignId }: CampaignChoice): Promise<void> {
  authorize(ctx, "campaign.launch");
  await transaction(ctx, async (tx) => {
    const campaign = await campaignForUpdate(tx, campaignId);
    const { row, contentHash } = campaign;
    if (!campaignCan.resume(row)) throw refusal("resume", row);
    if (row.approvedHash !== contentHash) throw new AppError("campaign_changed", { campaignId });
    const blocking = blockers(await computePreflight(tx, campaign));
    if (blocking.length > 0) throw new AppError("preflight_blocked", { campaignId, rows: blocking.join(",") });
    const status = row.resumesAs === "sending" ? "sending" : "scheduled";
    // Whoever resumes knows that it is late.
    await change(tx, "resume", row, {
      status,
      resumesAs: null,
      contentHash,
      lateSince: null,
      lateAcceptedAt: tx.now(),
    });
    await resolveNotice(tx, lateNotice(campaignId));
    await recordHistory(tx, campaignId, "resumed", { as: status });
    await audit(tx, "campaign.resumed", { as: status }, campaignId);
  });
  log.info("campaign.resumed", { campaignId });
}
