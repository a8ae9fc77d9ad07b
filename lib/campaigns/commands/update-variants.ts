import { and, eq, inArray, isNull } from "drizzle-orm";
import { campaignVariants } from "@/db/schema/campaigns";
import { phoneNumbers } from "@/db/schema/numbers";
import { templates } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import type { Context } from "@/lib/identity/context";
import type { CampaignVariant } from "../campaign";
import type { UpdateVariants } from "../inputs";
import { type Edited, editCampaign } from "./edit-campaign";

/** Saves step 3: sending number of the campaign's brand, templates of that number's account, values, links, split. */
export async function updateVariants(
  ctx: Context,
  { campaignId, version, numberId, variants }: UpdateVariants,
): Promise<Edited> {
  return editCampaign(ctx, {
    campaignId,
    version,
    step: "variants",
    async apply(tx, { row }) {
      const wabaId = numberId ? await accountOf(tx, numberId, row.brandId) : undefined;
      await checkTemplates(tx, variants, wabaId);
      await tx.db.delete(campaignVariants).where(eq(campaignVariants.campaignId, campaignId));
      await tx.db
        .insert(campaignVariants)
        .values(variants.map((variant, position) => ({ campaignId, position, ...variant })));
      return { numberId };
    },
  });
}

async function accountOf(tx: Context, numberId: string, brandId: string): Promise<string> {
  const ours = and(eq(phoneNumbers.id, numberId), eq(phoneNumbers.brandId, brandId));
  const [number] = await tx.db.select({ wabaId: phoneNumbers.wabaId }).from(phoneNumbers).where(ours).limit(1);
  if (!number) throw new AppError("number_not_usable", { numberId });
  return number.wabaId;
}

async function checkTemplates(tx: Context, variants: CampaignVariant[], wabaId: string | undefined): Promise<void> {
  const chosen = [...new Set(variants.flatMap(({ templateId }) => templateId ?? []))];
  if (chosen.length === 0) return;
  const found = await tx.db
    .select({ id: templates.id, wabaId: templates.wabaId })
    .from(templates)
    .where(and(inArray(templates.id, chosen), isNull(templates.deletedAt)));
  for (const templateId of chosen) {
    const template = found.find(({ id }) => id === templateId);
    if (!template || (wabaId !== undefined && template.wabaId !== wabaId))
      throw new AppError("template_not_usable", { templateId });
  }
}
