import { eq } from "drizzle-orm";
import { campaigns, campaignVariants } from "@/db/schema/campaigns";
import { purposes } from "@/db/schema/consent";
import { brands, phoneNumbers } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { emptyGoal } from "../campaign";
import type { CreateCampaign } from "../inputs";
import { editorIdOf, loadCampaign, recordHistory, userIdOf } from "../store";

/**
 * Starts a draft with two variants of one half each and a holdout of a tenth. Brand, number and purpose are chosen where
 * there is only one to choose.
 */
export async function createCampaign(
  ctx: Context,
  { name, brandId: chosen }: CreateCampaign,
): Promise<{ campaignId: string; version: number }> {
  authorize(ctx, "campaign.edit");
  return transaction(ctx, async (tx) => {
    const brandId = chosen ?? (await onlyBrand(tx));
    const campaignId = newId();
    const now = tx.now();
    const numbers = await tx.db.select().from(phoneNumbers).where(eq(phoneNumbers.brandId, brandId)).limit(2);
    const reasons = await tx.db.select().from(purposes).where(eq(purposes.brandId, brandId)).limit(100);
    const marketing = reasons.filter(({ category }) => category === "MARKETING");
    await tx.db.insert(campaigns).values({
      id: campaignId,
      brandId,
      numberId: only(numbers)?.id ?? null,
      purposeId: only(marketing)?.id ?? null,
      name,
      status: "draft",
      goal: emptyGoal,
      editors: editorIdOf(tx.actor),
      createdBy: userIdOf(tx.actor),
      createdAt: now,
      updatedAt: now,
    });
    await tx.db
      .insert(campaignVariants)
      .values(["A", "B"].map((key, position) => ({ campaignId, key, position, weight: 5_000, parameters: {} })));
    const { contentHash } = await loadCampaign(tx, campaignId);
    await tx.db.update(campaigns).set({ contentHash }).where(eq(campaigns.id, campaignId));
    await recordHistory(tx, campaignId, "created");
    await audit(tx, "campaign.created", { brandId }, campaignId);
    return { campaignId, version: 1 };
  });
}

async function onlyBrand(tx: Context): Promise<string> {
  const found = await tx.db.select({ id: brands.id }).from(brands).limit(2);
  const brand = only(found);
  if (!brand) throw new AppError("invalid_input", { field: "brandId", brands: found.length });
  return brand.id;
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
