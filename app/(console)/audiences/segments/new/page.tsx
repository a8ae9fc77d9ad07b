import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Answer, PageHeader } from "@/app/_ui/page";
import { everybody } from "@/lib/segments/segment";
import { ruleChoices } from "../rule-choices";
import { SegmentForm } from "../segment-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("audiences"))("segment.newTitle") };
}

export default async function NewSegmentPage() {
  const ctx = await requirePerson("segment.edit");
  const [formats, t] = await Promise.all([currentFormats(), getTranslator("audiences")]);
  return (
    <>
      <PageHeader title={t("segment.newTitle")} />
      <Answer sub={t("segment.note")}>{t("segment.newAnswer")}</Answer>
      <SegmentForm rule={everybody} mayEdit {...(await ruleChoices(ctx, formats))} />
    </>
  );
}
