import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Section } from "@/app/_ui/page";
import { getCampaign } from "@/lib/campaigns/queries/get-campaign";
import { may } from "@/lib/identity/authorize";
import { getProgress } from "@/lib/sending/queries/get-progress";
import { listWaves } from "@/lib/sending/queries/list-waves";
import { progressAnswer } from "../../progress";
import { LiveQueries } from "../../query-client.client";
import { CampaignMenu } from "../campaign-menu.client";
import { CampaignTabs } from "../campaign-tabs";
import { type CampaignParams, campaignIdOf, found } from "../load";
import { WavesTable } from "../waves";
import { LiveView } from "./live-view.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("live"))("title") };
}

/** Is it going out as planned? Rendered once by the server, then kept up to date by asking. */
export default async function LivePage({ params }: { params: CampaignParams }) {
  const ctx = await requirePerson("campaign.read");
  const campaignId = await campaignIdOf(params);
  const [campaign, progress, waves] = await found(
    Promise.all([getCampaign(ctx, { campaignId }), getProgress(ctx, { campaignId }), listWaves(ctx, { campaignId })]),
  );
  const [t, formats] = await Promise.all([getTranslator("campaigns"), currentFormats()]);
  const mayLaunch = may(ctx.actor, "campaign.launch");
  return (
    <ClientMessages namespaces={["campaigns", "live", "reasons"]}>
      <LiveQueries>
        <LiveView
          campaignId={campaignId}
          name={campaign.name}
          initial={progressAnswer.parse(progress)}
          waves={
            waves.length > 1 && (
              <Section title={t("waves.title")} note={t("waves.planned")}>
                <WavesTable waves={waves} t={t} formats={formats} />
              </Section>
            )
          }
          mayPause={progress.mayPause}
          mayLaunch={mayLaunch}
          tabs={<CampaignTabs ctx={ctx} campaignId={campaignId} />}
          menu={
            may(ctx.actor, "campaign.edit") && (
              <CampaignMenu campaignId={campaignId} name={campaign.name} mayEdit mayArchive={campaign.acts.archive} />
            )
          }
        />
      </LiveQueries>
    </ClientMessages>
  );
}
