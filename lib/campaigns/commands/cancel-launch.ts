import { eq } from "drizzle-orm";
import { campaignPlanning } from "@/db/schema/campaigns";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { campaignCan } from "../campaign";
import type { CampaignChoice } from "../inputs";
import { lateNotice, withoutLateness } from "../late-start";
import { campaignForUpdate, change, recordHistory, refusal } from "../store";

/** Takes a launch back: approved again, nothing sent. Any time before sending begins, until people have been allocated. */
export async function cancelLaunch(ctx: Context, { campaignId }: CampaignChoice): Promise<void> {
  authorize(ctx, "campaign.launch");
  await transaction(ctx, async (tx) => {
    const { row, draft } = await campaignForUpdate(tx, campaignId);
    if (!campaignCan.cancelLaunch(row)) throw refusal("cancelLaunch", row);
    // Who gets what is settled then, and a second launch would meet the first one's recipients: stopping is what is left.
    const planned = await tx.db
      .select({ lane: campaignPlanning.lane })
      .from(campaignPlanning)
      .where(eq(campaignPlanning.campaignId, campaignId))
      .limit(1);
    if (planned.length > 0) throw new AppError("campaign_not_launchable", { campaignId, problem: "already_planned" });
    const launch = { graceUntil: null, launchedAt: null, launchedBy: null, plannedAt: null, ...withoutLateness };
    await change(tx, "cancelLaunch", row, { status: "approved", startsAt: draft.startsAt, ...launch });
    await resolveNotice(tx, lateNotice(campaignId));
    await recordHistory(tx, campaignId, "launch_cancelled");
    await audit(tx, "campaign.launch_cancelled", {}, campaignId);
  });
}
