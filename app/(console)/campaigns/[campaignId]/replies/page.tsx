import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { CampaignBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { PageHeader } from "@/app/_ui/page";
import { getCampaign } from "@/lib/campaigns/queries/get-campaign";
import type { RepliesQuery } from "../../../replies/replies-query";
import { ReplyList } from "../../../replies/reply-list";
import { campaignPath } from "../../paths";
import { CampaignTabs } from "../campaign-tabs";
import { type CampaignParams, campaignIdOf, found } from "../load";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("replies"))("title") };
}

/** Who answered this campaign and waits for somebody? */
export default async function CampaignRepliesPage({
  params,
  searchParams,
}: {
  params: CampaignParams;
  searchParams: Promise<RepliesQuery>;
}) {
  const ctx = await requirePerson("conversation.read");
  const campaignId = await campaignIdOf(params);
  const [campaign, query, t, formats] = await Promise.all([
    found(getCampaign(ctx, { campaignId })),
    searchParams,
    getTranslator("replies"),
    currentFormats(),
  ]);
  return (
    <ClientMessages namespaces={["replies"]}>
      <PageHeader
        title={campaign.name}
        status={<CampaignBadge status={campaign.status} />}
        tabs={<CampaignTabs ctx={ctx} campaignId={campaignId} />}
      />
      <ReplyList
        ctx={ctx}
        base={campaignPath(campaignId, "replies")}
        query={query}
        campaignId={campaignId}
        words={{ t, formats }}
      />
    </ClientMessages>
  );
}
