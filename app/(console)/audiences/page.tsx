import { Plus, Upload } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { LinkButton } from "@/app/_ui/button";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { PageHeader, Section } from "@/app/_ui/page";
import { EmptyState, Skeleton } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import { parsePublicId, publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { listSegments, type SegmentView } from "@/lib/segments/queries/list-segments";
import { AudienceTabs } from "./audience-tabs";
import { Reach } from "./reach";
import { SegmentFigure } from "./segment-figure";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("audiences"))("title") };
}

export default async function AudiencesPage({ searchParams }: { searchParams: Promise<{ purpose?: string }> }) {
  const ctx = await requirePerson("segment.read");
  const [{ purpose: asked }, purposes, t] = await Promise.all([
    searchParams,
    listPurposes(ctx),
    getTranslator("audiences"),
  ]);
  const askedId = asked && parsePublicId("pur", asked);
  const purpose =
    purposes.find(({ id }) => id === askedId) ??
    purposes.find(({ category }) => category === "MARKETING") ??
    purposes[0];
  const mayImport = may(ctx.actor, "contact.import");
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <>
            {mayImport && (
              <LinkButton href="/audiences/imports/new">
                <Upload aria-hidden />
                {t("import")}
              </LinkButton>
            )}
            {may(ctx.actor, "segment.edit") && (
              <LinkButton href="/audiences/segments/new" look="primary">
                <Plus aria-hidden />
                {t("newSegment")}
              </LinkButton>
            )}
          </>
        }
        tabs={<AudienceTabs ctx={ctx} />}
      />
      {purpose ? (
        <>
          {purposes.length > 1 && (
            <nav aria-label={t("purposes")} className="flex flex-wrap gap-4 pt-5">
              {purposes.map(({ id, name }) => (
                <Link
                  key={id}
                  href={`?purpose=${publicId("pur", id)}`}
                  aria-current={id === purpose.id ? "true" : undefined}
                  className={id === purpose.id ? "font-semibold" : undefined}
                >
                  {name}
                </Link>
              ))}
            </nav>
          )}
          <Suspense key={purpose.id} fallback={<Waiting />}>
            <Reach ctx={ctx} purpose={purpose} mayImport={mayImport} />
          </Suspense>
          <Segments ctx={ctx} purposeId={purpose.id} />
        </>
      ) : (
        <div className="pt-8">
          <EmptyState title={t("noPurpose")}>{t("noPurposeText")}</EmptyState>
        </div>
      )}
    </>
  );
}

async function Segments({ ctx, purposeId }: { ctx: Context; purposeId: string }) {
  const [segments, formats, t] = await Promise.all([listSegments(ctx), currentFormats(), getTranslator("audiences")]);
  const figure = (of: "matches" | "reachable") => (segment: SegmentView) => (
    <Suspense fallback="…">
      <SegmentFigure ctx={ctx} segment={segment} purposeId={purposeId} of={of} />
    </Suspense>
  );
  return (
    <Section title={t("segments.title")} note={t("segments.note")}>
      {segments.length === 0 ? (
        <EmptyState
          title={t("segments.emptyTitle")}
          actions={
            may(ctx.actor, "segment.edit") && <LinkButton href="/audiences/segments/new">{t("newSegment")}</LinkButton>
          }
        >
          {t("segments.emptyText")}
        </EmptyState>
      ) : (
        <DataTable
          caption={t("segments.title")}
          rows={segments}
          rowKey={({ segmentId }) => segmentId}
          columns={[
            {
              key: "name",
              head: t("segments.name"),
              cell: ({ segmentId, name, updatedAt }) => (
                <TwoLines second={<TimeText at={updatedAt} formats={formats} />}>
                  <Link href={`/audiences/segments/${publicId("seg", segmentId)}`}>{name}</Link>
                </TwoLines>
              ),
            },
            { key: "matches", head: t("segments.matches"), isNumber: true, cell: figure("matches") },
            { key: "reachable", head: t("segments.reachable"), isNumber: true, cell: figure("reachable") },
          ]}
        />
      )}
    </Section>
  );
}

function Waiting() {
  return (
    <div className="py-8">
      <Skeleton />
    </div>
  );
}
