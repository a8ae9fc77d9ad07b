import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { builderSteps } from "@/lib/campaigns/campaign";
import { getCampaign } from "@/lib/campaigns/queries/get-campaign";
import { getPreflight } from "@/lib/campaigns/queries/get-preflight";
import { campaignPath } from "../../../paths";
import { LiveQueries } from "../../../query-client.client";
import { campaignIdOf, found } from "../../load";
import { BuilderFrame } from "./builder-frame";
import { Review } from "./review";
import { SavingProvider } from "./saving.client";
import { StepContent } from "./step-content";

type Params = Promise<{ campaignId: string; step: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const { step } = await params;
  const t = await getTranslator("builder");
  const known = builderSteps.find((one) => one === step);
  return { title: known ? t(`steps.${known}`) : undefined };
}

/** The builder: five steps in any order, each saved as one types; the fifth is what another person approves. */
export default async function BuilderPage({ params }: { params: Params }) {
  const ctx = await requirePerson("segment.read");
  const campaignId = await campaignIdOf(params);
  const { step: asked } = await params;
  const step = builderSteps.find((one) => one === asked) ?? notFound();
  const campaign = await found(getCampaign(ctx, { campaignId }));
  if (step !== "review" && !campaign.acts.edit) redirect(campaignPath(campaignId, "edit/review"));
  const [preflight, t, campaigns, templates, formats] = await Promise.all([
    getPreflight(ctx, { campaignId }),
    getTranslator("builder"),
    getTranslator("campaigns"),
    getTranslator("templates"),
    currentFormats(),
  ]);
  const view = { ctx, campaign, preflight, t, campaigns, templates, formats };
  return (
    <ClientMessages namespaces={["builder", "campaigns", "templates"]}>
      <LiveQueries>
        <SavingProvider key={step} campaignId={campaignId} version={campaign.version}>
          <BuilderFrame view={view} step={step}>
            {step === "review" ? <Review view={view} /> : <StepContent view={view} step={step} />}
          </BuilderFrame>
        </SavingProvider>
      </LiveQueries>
    </ClientMessages>
  );
}
