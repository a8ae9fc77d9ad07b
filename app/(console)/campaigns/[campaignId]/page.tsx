import { redirect } from "next/navigation";
import { requirePerson } from "@/app/_server/context";
import { getCampaign } from "@/lib/campaigns/queries/get-campaign";
import { landingOf } from "../paths";
import { type CampaignParams, campaignIdOf, found } from "./load";

/** The short address of a campaign: goes to where it is now. */
export default async function CampaignPage({ params }: { params: CampaignParams }) {
  const ctx = await requirePerson("campaign.read");
  const { id, status, acts } = await found(getCampaign(ctx, { campaignId: await campaignIdOf(params) }));
  redirect(landingOf(id, { status, mayEdit: acts.edit }));
}
