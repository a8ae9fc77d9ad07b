import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { campaignCan } from "../campaign";
import { stepProblems } from "../completeness";
import type { CampaignChoice } from "../inputs";
import { blockers } from "../preflight-row";
import { computePreflight } from "../queries/get-preflight";
import { campaignForUpdate, change, recordDecision, recordHistory, refusal } from "../store";

/**
 * Asks somebody else to approve. Refused while a step is not done or a row of the checklist blocks.
 *
 * @throws AppError("campaign_not_submittable", { step, problem }), AppError("preflight_blocked", { rows })
 */
export async function submitForReview(ctx: Context, { campaignId }: CampaignChoice): Promise<{ contentHash: string }> {
  authorize(ctx, "campaign.edit");
  return transaction(ctx, async (tx) => {
    const campaign = await campaignForUpdate(tx, campaignId);
    if (!campaignCan.submit(campaign.row)) throw refusal("submit", campaign.row);
    const [problem] = stepProblems(campaign.draft, tx.now());
    if (problem)
      throw new AppError("campaign_not_submittable", { campaignId, step: problem.step, problem: problem.code });
    const blocking = blockers(await computePreflight(tx, campaign));
    if (blocking.length > 0) throw new AppError("preflight_blocked", { campaignId, rows: blocking.join(",") });
    const { contentHash } = campaign;
    await change(tx, "submit", campaign.row, { status: "in_review", contentHash });
    await recordDecision(tx, { campaignId, contentHash, decision: "requested" });
    await recordHistory(tx, campaignId, "review_requested", { contentHash });
    await audit(tx, "campaign.review_requested", { contentHash }, campaignId);
    return { contentHash };
  });
}
