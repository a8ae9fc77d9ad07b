import { inArray } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { isAppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { uploadMedia } from "@/lib/templates/commands/upload-media";
import { loadCampaign } from "../store";

/**
 * Makes sure that the files of a campaign's messages are at Meta before anybody is written to.
 *
 * @throws AppError("whatsapp_refused" | "whatsapp_unreachable"): then the campaign waits
 */
export async function prepareMedia(ctx: Context, { campaignId }: { campaignId: string }): Promise<void> {
  authorize(ctx, "job.run");
  const { row, variants } = await loadCampaign(ctx, campaignId);
  const rules = variants.flatMap(({ parameters }) => Object.values(parameters));
  const mediaIds = rules.flatMap((rule) => (rule.source === "media" ? [rule.mediaId] : []));
  if (row.numberId && mediaIds.length > 0) await uploadMedia(ctx, { numberId: row.numberId, mediaIds });
}

/** The same for every campaign that sends or is about to: Meta forgets files after thirty days. */
export async function renewMedia(ctx: Context): Promise<void> {
  authorize(ctx, "job.run");
  const active = await ctx.db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(inArray(campaigns.status, ["approved", "scheduled", "sending", "paused"]));
  for (const { id: campaignId } of active) {
    try {
      await prepareMedia(ctx, { campaignId });
    } catch (error) {
      if (!isAppError(error)) throw error;
      log.warn("campaign.media_not_ready", { campaignId, code: error.code });
    }
  }
}
