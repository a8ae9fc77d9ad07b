import { inArray } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { isAppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { compareTemplates } from "@/lib/templates/commands/compare-templates";
import { loadCampaign } from "../store";

/** Asks Meta how the templates of running experiments compare by blocks: each variant with the control. */
export async function compareVariants(ctx: Context): Promise<{ compared: number }> {
  authorize(ctx, "job.run");
  const running = await ctx.db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(inArray(campaigns.status, ["sending", "measuring"]));
  let compared = 0;
  for (const { id: campaignId } of running) {
    const { variants } = await loadCampaign(ctx, campaignId);
    const [control, ...others] = variants.flatMap(({ template }) =>
      template && !template.deletedAt ? template.id : [],
    );
    for (const otherId of others) {
      if (!control || otherId === control) continue;
      try {
        if (await compareTemplates(ctx, { templateId: control, otherId })) compared++;
      } catch (error) {
        if (!isAppError(error)) throw error;
        log.warn("campaign.comparison_failed", { campaignId, code: error.code });
      }
    }
  }
  return { compared };
}
