import { and, desc, eq, inArray } from "drizzle-orm";
import { campaigns, campaignVariants } from "@/db/schema/campaigns";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { CampaignStatus } from "../campaign";

export interface CampaignUsing {
  id: string;
  name: string;
  status: CampaignStatus;
  variant: string;
}

const MOST_CAMPAIGNS = 50;

/** Which campaigns speak a template, and as which variant; latest first. */
export async function listCampaignsUsingTemplate(
  ctx: Context,
  { templateId, statuses }: { templateId: string; statuses?: readonly CampaignStatus[] },
): Promise<CampaignUsing[]> {
  authorize(ctx, "campaign.read");
  return ctx.db
    .select({ id: campaigns.id, name: campaigns.name, status: campaigns.status, variant: campaignVariants.key })
    .from(campaignVariants)
    .innerJoin(campaigns, eq(campaigns.id, campaignVariants.campaignId))
    .where(
      and(eq(campaignVariants.templateId, templateId), statuses ? inArray(campaigns.status, [...statuses]) : undefined),
    )
    .orderBy(desc(campaigns.updatedAt))
    .limit(MOST_CAMPAIGNS);
}
