import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { found } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { Callout } from "@/app/_ui/banner";
import { LinkButton } from "@/app/_ui/button";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { classText, termText } from "@/lib/rights/package-html";
import { getRecord, type RecordView } from "@/lib/rights/queries/get-record";
import { basisText, safeguardText } from "@/lib/rights/record-rows";
import { recordFields, recordKinds } from "@/lib/rights/records";
import { sourceText } from "../codes";
import { ComplianceHead } from "../compliance-head";
import { type RightsWords, rightsWords } from "../rights-words";
import { PrintButton } from "./print-button.client";
import { RecordForm } from "./record-form.client";

interface Query {
  kind?: string;
  version?: string;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("rights"))("records.title") };
}

/** What is processed, what for, with which risks and by whom: from what the product knows, and what people write. */
export default async function RecordsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await requirePerson("rights.handle");
  const query = await searchParams;
  const kind = recordKinds.find((one) => one === query.kind) ?? "ropa";
  const number = /^\d{1,6}$/.test(query.version ?? "") ? Number(query.version) : undefined;
  const [record, words] = await Promise.all([
    found(getRecord(ctx, { kind, ...(number !== undefined && { number }) })),
    rightsWords(),
  ]);
  const { t, formats } = words;
  const isNewest = record.number === record.versions[0]?.number;
  return (
    <ClientMessages namespaces={["rights"]}>
      <ComplianceHead
        title={t(`records.${kind}`)}
        actions={
          <>
            <PrintButton label={t("records.print")} />
            <LinkButton href={`/api/compliance/records?kind=${kind}${record.number ? `&number=${record.number}` : ""}`}>
              {t("records.csv")}
            </LinkButton>
          </>
        }
      />
      <nav className="no-print mt-4 flex flex-wrap gap-4" aria-label={t("records.title")}>
        {recordKinds.map((one) => (
          <Link
            key={one}
            href={`/compliance/records?kind=${one}`}
            aria-current={one === kind ? "page" : undefined}
            className={one === kind ? "font-semibold no-underline" : undefined}
          >
            {t(`records.${one}`)}
          </Link>
        ))}
      </nav>
      <Answer sub={versionText(record, words)}>{t(`records.answer.${kind}`)}</Answer>
      {record.isOutdated && isNewest && <Callout tone="warn">{t("records.outdated")}</Callout>}
      <Section title={t("records.generated")} note={t("records.generatedNote")}>
        <Generated record={record} words={words} />
      </Section>
      <Section title={t("records.texts")} note={t("records.textsNote")}>
        {isNewest ? (
          <RecordForm
            key={`${kind} ${record.number ?? 0}`}
            kind={kind}
            fields={recordFields[kind].map((field) => ({
              field,
              label: t(`records.fields.${field}`),
              value: record.texts[field] ?? "",
            }))}
          />
        ) : (
          <KeyValue
            left
            rows={recordFields[kind].map((field) => ({
              label: t(`records.fields.${field}`),
              value: <span className="whitespace-pre-line">{record.texts[field] || "–"}</span>,
            }))}
          />
        )}
      </Section>
      {record.versions.length > 0 && (
        <Section title={t("records.versions")}>
          <ul className="grid gap-2">
            {record.versions.map(({ number: version, savedAt, savedBy }) => (
              <li key={version}>
                <Link href={`/compliance/records?kind=${kind}&version=${version}`}>
                  {t("records.version", {
                    number: formats.integer(version),
                    who: savedBy ?? "–",
                    when: formats.dateTime(savedAt),
                  })}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </ClientMessages>
  );
}

function versionText({ number, savedAt, savedBy }: RecordView, { t, formats }: RightsWords): string {
  if (number === undefined || !savedAt) return t("records.unsaved");
  return t("records.version", {
    number: formats.integer(number),
    who: savedBy ?? "–",
    when: formats.dateTime(savedAt),
  });
}

async function Generated({
  record: { kind, generated },
  words: { t, formats },
}: {
  record: RecordView;
  words: RightsWords;
}) {
  const codes = await getTranslator("compliance");
  const days = (count: number) => t("records.days", { count, countText: formats.integer(count) });
  const orNone = (list: readonly string[]) => (list.length > 0 ? formats.list([...list]) : t("records.none"));
  return (
    <div className="grid gap-6">
      {kind !== "processors" && (
        <DataTable
          caption={t("records.activities")}
          rows={generated.activities}
          rowKey={({ brand, purpose }) => `${brand} ${purpose}`}
          columns={[
            {
              key: "purpose",
              head: t("records.columns.purpose"),
              cell: ({ purpose, controller }) => <TwoLines second={controller}>{purpose}</TwoLines>,
            },
            { key: "basis", head: t("records.columns.basis"), cell: ({ lawfulBasis }) => basisText(lawfulBasis, t) },
            {
              key: "validity",
              head: t("records.columns.validity"),
              // One column for both terms: a telephone has no room for five.
              cell: ({ validityDays, retentionDays }) => (
                <TwoLines second={`${t("records.columns.kept")}: ${days(retentionDays)}`}>
                  {days(validityDays)}
                </TwoLines>
              ),
            },
            {
              key: "granted",
              head: t("records.columns.granted"),
              isNumber: true,
              cell: ({ granted }) => formats.integer(granted),
            },
          ]}
        />
      )}
      <DataTable
        caption={t("records.recipients")}
        rows={generated.recipients}
        rowKey={({ name }) => name}
        columns={[
          {
            key: "name",
            head: t("records.columns.name"),
            cell: ({ name, role }) => (
              <TwoLines second={role === "processor" ? t("records.roles.processor") : role}>{name}</TwoLines>
            ),
          },
          {
            key: "where",
            head: t("records.columns.where"),
            cell: ({ where }) => formats.list(where.split(", ").map((code) => formats.country(code))),
          },
          {
            key: "safeguard",
            head: t("records.columns.safeguard"),
            cell: ({ safeguard }) => safeguardText(safeguard, t),
          },
        ]}
      />
      {kind !== "processors" && (
        <KeyValue
          left
          rows={[
            { label: t("records.scale"), value: formats.integer(generated.people) },
            { label: t("records.countries"), value: orNone(generated.countries.map((code) => formats.country(code))) },
            { label: t("records.attributes"), value: orNone(generated.attributes) },
            {
              label: t("records.sources"),
              value: orNone(generated.sources.map((source) => sourceText(source, codes))),
            },
            ...generated.retention.map(({ what, kept }) => ({ label: classText(what, t), value: termText(kept, t) })),
          ]}
        />
      )}
    </div>
  );
}
