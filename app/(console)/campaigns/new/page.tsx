import type { Metadata } from "next";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, PageHeader } from "@/app/_ui/page";
import { listBrandChoices } from "@/lib/campaigns/queries/list-brand-choices";
import { NewCampaignForm } from "./new-campaign-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("campaigns"))("new") };
}

/** A name is all it takes: the rest is asked by the builder, which saves as one types. */
export default async function NewCampaignPage() {
  const ctx = await requirePerson("campaign.edit");
  const [brands, t] = await Promise.all([listBrandChoices(ctx), getTranslator("campaigns")]);
  return (
    <ClientMessages namespaces={["campaigns"]}>
      <PageHeader title={t("new")} />
      <Answer sub={t("newNote")}>{t("newAnswer")}</Answer>
      <NewCampaignForm brands={brands} />
    </ClientMessages>
  );
}
