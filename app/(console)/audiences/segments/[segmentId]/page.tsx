import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Answer, PageHeader } from "@/app/_ui/page";
import { publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import { getSegment } from "@/lib/segments/queries/get-segment";
import { ArchiveButton } from "../archive-button.client";
import { ruleChoices } from "../rule-choices";
import { SegmentForm } from "../segment-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("audiences"))("segment.title") };
}

export default async function SegmentPage({ params }: { params: Promise<{ segmentId: string }> }) {
  const ctx = await requirePerson("segment.read");
  const segmentId = idInPath("seg", (await params).segmentId);
  const [segment, formats, t] = await Promise.all([
    found(getSegment(ctx, { segmentId })),
    currentFormats(),
    getTranslator("audiences"),
  ]);
  const mayEdit = may(ctx.actor, "segment.edit") && !segment.isArchived;
  const id = publicId("seg", segmentId);
  return (
    <>
      <PageHeader
        title={segment.name}
        status={segment.isArchived && <StatusBadge tone="idle">{t("segment.archived")}</StatusBadge>}
      />
      <Answer sub={t("segment.note")}>{t("segment.answer")}</Answer>
      <SegmentForm
        segment={{ id, name: segment.name }}
        rule={segment.rule}
        mayEdit={mayEdit}
        {...(await ruleChoices(ctx, formats))}
      >
        {mayEdit && <ArchiveButton segmentId={id} name={segment.name} />}
      </SegmentForm>
    </>
  );
}
