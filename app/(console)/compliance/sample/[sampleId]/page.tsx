import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable } from "@/app/_ui/data-table";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { HashChip, TimeText } from "@/app/_ui/text";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { getSample } from "@/lib/reporting/queries/get-sample";
import { ComplianceHead } from "../../compliance-head";
import { officerWords } from "../../officer-words";
import { proofPath } from "../../paths";

interface Props {
  params: Promise<{ sampleId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("officer"))("sample.title") };
}

/** Does every record of this sample hold? Drawn again from its seed and judged while the page is made. */
export default async function DrawnSamplePage({ params }: Props) {
  const ctx = await requirePerson("proof.read");
  const { sampleId: publicSampleId } = await params;
  const sampleId = idInPath("evt", publicSampleId);
  const [sample, { o, t, formats }] = await Promise.all([found(getSample(ctx, { sampleId })), officerWords()]);
  await noteReading(ctx, { what: "sample.viewed", subject: sampleId });
  const { sends, failed, population, seed, until, drawnAt, drawnBy, largestShare } = sample;
  const position = new Map(sends.map(({ attemptId }, index) => [attemptId, index + 1]));
  return (
    <ClientMessages namespaces={["officer"]}>
      <ComplianceHead />
      <Answer
        sub={o("sample.means", {
          shareText: formats.percent(largestShare),
          populationText: formats.integer(population),
        })}
      >
        {o("sample.result", { failed, failedText: formats.integer(failed), sizeText: formats.integer(sends.length) })}
      </Answer>
      <Section
        title={o("sample.how")}
        note={o("sample.howNote")}
        aside={
          <a href={`/api/compliance/samples/${publicSampleId}`} download>
            {o("sample.download")}
          </a>
        }
      >
        <KeyValue
          left
          rows={[
            { label: o("sample.seed"), value: <span className="mono break-all">{seed}</span> },
            {
              label: o("sample.population"),
              value: o("sample.until", { populationText: formats.integer(population), time: formats.dateTime(until) }),
            },
            { label: o("sample.order"), value: <span className="mono">{o("sample.orderText")}</span> },
            { label: o("sample.drawnAt"), value: [formats.dateTime(drawnAt), drawnBy].filter(Boolean).join(" · ") },
          ]}
        />
      </Section>
      <Section wide title={o("sample.list")}>
        <DataTable
          compact
          caption={o("sample.list")}
          rows={sends}
          rowKey={({ attemptId }) => attemptId}
          columns={[
            {
              key: "position",
              head: o("sample.position"),
              cell: ({ attemptId, messageId }) => (
                <Link href={proofPath(messageId)}>
                  {o("sample.record", { position: formats.integer(position.get(attemptId) ?? 0) })}
                </Link>
              ),
            },
            {
              key: "result",
              head: o("sample.outcome"),
              cell: ({ exception }) =>
                exception ? (
                  <StatusBadge tone="bad">{t(`exceptions.${exception}.title`)}</StatusBadge>
                ) : (
                  <StatusBadge tone="ok">{o("sample.holds")}</StatusBadge>
                ),
            },
            {
              key: "at",
              head: o("exceptions.authorised"),
              cell: ({ authorisedAt }) => <TimeText at={authorisedAt} formats={formats} />,
            },
            {
              key: "campaign",
              head: t("origin.campaign"),
              isLow: true,
              cell: ({ campaignName }) => campaignName ?? o("person.direct"),
            },
            {
              key: "hash",
              head: o("sample.hash"),
              isLow: true,
              cell: ({ hash, attemptId }) => (
                <HashChip
                  hash={hash}
                  name={o("sample.hashOf", { position: formats.integer(position.get(attemptId) ?? 0) })}
                />
              ),
            },
          ]}
        />
      </Section>
    </ClientMessages>
  );
}
