import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type LinkHealth, linkHealth } from "../link-health";
import { linkProblem } from "../links";
import { loadCampaign } from "../store";

export interface CheckedLink {
  url: string;
  /** The variants whose button leads there. */
  variants: string[];
  health: LinkHealth;
}

/**
 * Whether the landing pages of a campaign answer now. Asked beside the checklist and not in it: a slow shop holds nothing up,
 * and what it says forbids nothing. Links that the checklist refuses are not asked.
 */
export async function checkLinks(ctx: Context, { campaignId }: { campaignId: string }): Promise<CheckedLink[]> {
  authorize(ctx, "campaign.read");
  const { variants } = await loadCampaign(ctx, campaignId);
  const byUrl = new Map<string, string[]>();
  for (const { key, linkUrl } of variants) {
    if (linkUrl && linkProblem(linkUrl, { isSandbox: false }) === undefined)
      byUrl.set(linkUrl, [...(byUrl.get(linkUrl) ?? []), key]);
  }
  return Promise.all([...byUrl].map(async ([url, keys]) => ({ url, variants: keys, health: await linkHealth(url) })));
}
