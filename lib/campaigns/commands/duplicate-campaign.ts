import { eq } from "drizzle-orm";
import { campaigns, campaignVariants } from "@/db/schema/campaigns";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import type { DuplicateCampaign } from "../inputs";
import { plainSchedule } from "../schedule";
import { editorIdOf, loadCampaign, recordHistory, userIdOf } from "../store";

/** A new draft with the same content and no dates: how the text of a running test is changed. */
export async function duplicateCampaign(
  ctx: Context,
  { campaignId, name }: DuplicateCampaign,
): Promise<{ campaignId: string; version: number }> {
  authorize(ctx, "campaign.edit");
  return transaction(ctx, async (tx) => {
    const { row, draft } = await loadCampaign(tx, campaignId);
    const copyId = newId();
    const now = tx.now();
    await tx.db.insert(campaigns).values({
      id: copyId,
      brandId: row.brandId,
      numberId: row.numberId,
      purposeId: row.purposeId,
      segmentId: row.segmentId,
      name,
      status: "draft",
      goal: draft.goal,
      holdoutBasisPoints: row.holdoutBasisPoints,
      schedule: { ...draft.schedule, timing: plainSchedule.timing },
      editors: editorIdOf(tx.actor),
      createdBy: userIdOf(tx.actor),
      createdAt: now,
      updatedAt: now,
    });
    await tx.db
      .insert(campaignVariants)
      .values(draft.variants.map((variant, position) => ({ ...variant, campaignId: copyId, position })));
    const { contentHash } = await loadCampaign(tx, copyId);
    await tx.db.update(campaigns).set({ contentHash }).where(eq(campaigns.id, copyId));
    await recordHistory(tx, copyId, "created", { copyOf: campaignId });
    await audit(tx, "campaign.created", { brandId: row.brandId, copyOf: campaignId }, copyId);
    return { campaignId: copyId, version: 1 };
  });
}
