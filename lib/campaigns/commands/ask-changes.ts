import { audit } from "@/lib/identity/audit";
import { authorize, may } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { campaignCan } from "../campaign";
import type { AskChanges } from "../inputs";
import { campaignForUpdate, change, recordDecision, recordHistory, refusal } from "../store";

/** Sends a campaign back to its authors with a comment. Approvers may, and compliance officers as their veto. */
export async function askChanges(ctx: Context, { campaignId, comment }: AskChanges): Promise<void> {
  if (!may(ctx.actor, "campaign.veto")) authorize(ctx, "campaign.approve");
  await transaction(ctx, async (tx) => {
    const { row, contentHash } = await campaignForUpdate(tx, campaignId);
    if (!campaignCan.askChanges(row)) throw refusal("askChanges", row);
    await change(tx, "askChanges", row, { status: "draft" });
    await recordDecision(tx, { campaignId, contentHash, decision: "changes_asked", comment });
    await recordHistory(tx, campaignId, "changes_asked", { comment });
    await audit(tx, "campaign.changes_asked", { contentHash }, campaignId);
  });
}
