import { randomBytes } from "node:crypto";
import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { campaignCan, GRACE_MS } from "../campaign";
import { planOf, stepProblems } from "../completeness";
import type { CampaignChoice } from "../inputs";
import { withoutLateness } from "../late-start";
import { blockers } from "../preflight-row";
import { computePreflight, firstInstant } from "../queries/get-preflight";
import { campaignForUpdate, change, freezePlan, type LoadedCampaign, recordHistory, refusal, userIdOf } from "../store";

const SEED_BYTES = 32;

/**
 * Hands an approved campaign to the planner, which takes it when the grace has passed and its start has come. What is
 * launched is what was approved: content hash and checklist are computed again.
 *
 * @param graceMs how long the launch can be taken back; a sandbox may shorten it, a live installation may not
 * @throws AppError("campaign_changed"), AppError("preflight_blocked", { rows })
 */
export async function launchCampaign(
  ctx: Context,
  { campaignId }: CampaignChoice,
  { graceMs = GRACE_MS }: { graceMs?: number } = {},
): Promise<{ graceUntil: Date; planHash: string }> {
  authorize(ctx, "campaign.launch");
  const launched = await transaction(ctx, async (tx) => {
    const campaign = await campaignForUpdate(tx, campaignId);
    const { row, contentHash } = campaign;
    if (!campaignCan.launch(row)) throw refusal("launch", row);
    if (row.approvedHash !== contentHash) throw new AppError("campaign_changed", { campaignId });
    await refuseWhenBlocked(tx, campaign);
    const plan = planOf(campaign.draft);
    if (!plan) throw new AppError("campaign_not_launchable", { campaignId, problem: "plan_incomplete" });
    const planHash = await freezePlan(tx, campaignId, plan, randomBytes(SEED_BYTES));
    const now = tx.now();
    const graceUntil = new Date(now.getTime() + graceMs);
    await change(tx, "launch", row, {
      status: "scheduled",
      contentHash,
      launchedBy: userIdOf(tx.actor),
      launchedAt: now,
      graceUntil,
      ...withoutLateness,
      ...(campaign.draft.schedule.timing.kind === "local" && { startsAt: await firstInstant(tx, campaign) }),
    });
    await recordHistory(tx, campaignId, "launched", { contentHash, planHash, graceUntil: graceUntil.toISOString() });
    await audit(tx, "campaign.launched", { contentHash, planHash }, campaignId);
    return { graceUntil, planHash };
  });
  log.info("campaign.launched", { campaignId });
  return launched;
}

async function refuseWhenBlocked(tx: Context, campaign: LoadedCampaign): Promise<void> {
  const campaignId = campaign.row.id;
  const [problem] = stepProblems(campaign.draft, tx.now());
  if (problem) throw new AppError("campaign_not_launchable", { campaignId, step: problem.step, problem: problem.code });
  const blocking = blockers(await computePreflight(tx, campaign));
  if (blocking.length > 0) throw new AppError("preflight_blocked", { campaignId, rows: blocking.join(",") });
}
