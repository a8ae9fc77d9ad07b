import { eq } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { freezeReason } from "../freeze";
import { loadCampaign, runningFacts } from "../store";
import { advanceCampaign } from "./advance-campaign";

/** Freezes every sending campaign of which a template was paused, reclassified or rewritten. Safe to run at any time. */
export async function freezeCampaigns(ctx: Context): Promise<{ frozen: string[] }> {
  authorize(ctx, "job.run");
  const sending = await ctx.db.select({ id: campaigns.id }).from(campaigns).where(eq(campaigns.status, "sending"));
  const frozen: string[] = [];
  for (const { id: campaignId } of sending) {
    const reason = freezeReason(await runningFacts(ctx, await loadCampaign(ctx, campaignId)));
    if (!reason) continue;
    const step = await advanceCampaign(ctx, { campaignId, from: "sending", to: "frozen", reason });
    if (step.kind === "advanced") frozen.push(campaignId);
  }
  return { frozen };
}
