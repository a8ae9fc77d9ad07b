import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Answer, PageHeader } from "@/app/_ui/page";
import { publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import { countSegment } from "@/lib/segments/queries/count-segment";
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
  const choices = await ruleChoices(ctx, formats);
  const [purpose] = choices.purposes;
  const count = purpose && (await countSegment(ctx, { rule: segment.rule, purposeId: purpose.value }));
  return (
    <>
      <PageHeader
        title={segment.name}
        status={segment.isArchived && <StatusBadge tone="idle">{t("segment.archived")}</StatusBadge>}
      />
      <Answer sub={t("segment.note")}>
        {t("segment.answer", {
          count: count?.reachable ?? 0,
          countText: formats.integer(count?.reachable ?? 0),
          total: count?.matches ?? 0,
          totalText: formats.integer(count?.matches ?? 0),
        })}
      </Answer>
      <SegmentForm segment={{ id, name: segment.name }} rule={segment.rule} mayEdit={mayEdit} {...choices}>
        {mayEdit && <ArchiveButton segmentId={id} name={segment.name} />}
      </SegmentForm>
    </>
  );
}
