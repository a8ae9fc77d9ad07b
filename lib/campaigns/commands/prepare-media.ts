import { and, eq, inArray, isNull } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { notices } from "@/db/schema/notices";
import { isAppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { uploadMedia } from "@/lib/templates/commands/upload-media";
import { loadCampaign } from "../store";

/** Between two tries for a campaign whose files Meta did not take: the planner asks every second. */
const PAUSE_MS = 60_000;

/**
 * Makes sure that the files of a campaign's messages are at Meta before anybody is written to.
 *
 * @returns false when Meta does not take them or does not answer: the campaign waits, somebody is told, and it is tried
 *   again a minute later
 */
export async function prepareMedia(ctx: Context, { campaignId }: { campaignId: string }): Promise<boolean> {
  authorize(ctx, "job.run");
  const { row, variants } = await loadCampaign(ctx, campaignId);
  const rules = variants.flatMap(({ parameters }) => Object.values(parameters));
  const mediaIds = rules.flatMap((rule) => (rule.source === "media" ? [rule.mediaId] : []));
  if (!row.numberId || mediaIds.length === 0) return true;
  const key = `campaign_media_failed ${campaignId}`;
  if (await hasJustFailed(ctx, key)) return false;
  try {
    await uploadMedia(ctx, { numberId: row.numberId, mediaIds });
    await resolveNotice(ctx, key);
    return true;
  } catch (error) {
    if (!isAppError(error)) throw error;
    log.warn("campaign.media_not_ready", { campaignId, code: error.code });
    const subject = { type: "campaign", id: campaignId } as const;
    const params = { name: row.name, code: String(error.params.metaCode ?? error.code) };
    await raiseNotice(ctx, { kind: "campaign_media_failed", key, subject, params });
    return false;
  }
}

async function hasJustFailed(ctx: Context, key: string): Promise<boolean> {
  const open = and(eq(notices.key, key), isNull(notices.resolvedAt));
  const [told] = await ctx.db.select({ lastAt: notices.lastAt }).from(notices).where(open).limit(1);
  return told !== undefined && told.lastAt.getTime() + PAUSE_MS > ctx.now().getTime();
}

/** The same for every campaign that sends or is about to: Meta forgets files after thirty days. */
export async function renewMedia(ctx: Context): Promise<void> {
  authorize(ctx, "job.run");
  const active = await ctx.db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(inArray(campaigns.status, ["approved", "scheduled", "sending", "paused"]));
  for (const { id: campaignId } of active) await prepareMedia(ctx, { campaignId });
}
