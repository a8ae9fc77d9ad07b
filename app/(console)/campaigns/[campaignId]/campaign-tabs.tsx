import { getTranslator } from "@/app/_server/preferences";
import { Tabs } from "@/app/_ui/tabs.client";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { campaignPath } from "../paths";

/** The pages of a campaign that has been launched. What was approved stays readable under the first. */
export async function CampaignTabs({ ctx, campaignId }: { ctx: Context; campaignId: string }) {
  const t = await getTranslator("campaigns");
  return (
    <Tabs
      label={t("tabs.label")}
      tabs={[
        ...(may(ctx.actor, "segment.read")
          ? [{ href: campaignPath(campaignId, "edit/review"), label: t("tabs.review") }]
          : []),
        { href: campaignPath(campaignId, "live"), label: t("tabs.live") },
        { href: campaignPath(campaignId, "results"), label: t("tabs.results") },
        ...(may(ctx.actor, "conversation.read")
          ? [{ href: campaignPath(campaignId, "replies"), label: t("tabs.replies") }]
          : []),
        { href: campaignPath(campaignId, "history"), label: t("tabs.history") },
      ]}
    />
  );
}
