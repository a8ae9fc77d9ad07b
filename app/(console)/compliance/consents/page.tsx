import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Button, LinkButton } from "@/app/_ui/button";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, Pagination, TwoLines } from "@/app/_ui/data-table";
import { type Choice, SelectField } from "@/app/_ui/fields";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { HashChip, TimeText } from "@/app/_ui/text";
import { consentEventTypes, consentSources } from "@/lib/consent/consent";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import { listWordingVersions } from "@/lib/consent/queries/list-wording-versions";
import { countries } from "@/lib/foundation/countries";
import { publicId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { listConsentLog } from "@/lib/reporting/queries/list-consent-log";
import { actorText, consentTypeText, sourceText } from "../codes";
import { ComplianceHead } from "../compliance-head";
import { DateRange } from "../date-range";
import { officerWords, type Words } from "../officer-words";
import { personPath } from "../paths";
import { actorKinds, type ConsentLogQuery, consentLogFilter, consentLogPath, pageSizes } from "./consent-log-query";
import { TakeLog } from "./take-log.client";

const PATH = "/compliance/consents";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("officer"))("consentLog.title") };
}

/** Who agreed to what, when, how, and where does the ledger say so? */
export default async function ConsentLogPage({ searchParams }: { searchParams: Promise<ConsentLogQuery> }) {
  const ctx = await requirePerson("consent.read");
  const [query, words] = await Promise.all([searchParams, officerWords()]);
  const { t, o, formats } = words;
  const { events, nextCursor } = await listConsentLog(ctx, consentLogFilter(query, formats.settings.timeZone));
  const { cursor: _, size: __, ...filters } = query;
  return (
    <ClientMessages namespaces={["officer"]}>
      <ComplianceHead />
      <Answer sub={t("ledger.note")}>{o("consentLog.answer")}</Answer>
      <Section wide title={o("consentLog.title")} aside={<TakeLog query={definedOf(filters)} />}>
        <Filters ctx={ctx} query={query} words={words} isFiltered={Object.values(filters).some(Boolean)} />
        {events.length === 0 ? (
          <EmptyState title={o("adminLog.none")}>{o("adminLog.noneText")}</EmptyState>
        ) : (
          <DataTable
            compact
            caption={o("consentLog.title")}
            rows={events}
            rowKey={({ eventId }) => eventId}
            columns={[
              {
                key: "event",
                head: t("ledger.event"),
                cell: ({ type, scope, purposeName }) => (
                  <TwoLines second={purposeName ?? o(scope === "all" ? "scopes.all" : "scopes.all_marketing")}>
                    {consentTypeText(type, t)}
                  </TwoLines>
                ),
              },
              {
                key: "at",
                head: o("consentLog.recorded"),
                cell: ({ recordedAt, occurredAt }) => (
                  <TwoLines second={o("consentLog.occurred", { time: formats.dateTime(occurredAt) })}>
                    <TimeText at={recordedAt} formats={formats} />
                  </TwoLines>
                ),
              },
              {
                key: "source",
                head: o("suppression.source"),
                cell: ({ source, sourceClass, isComplete }) => (
                  <TwoLines
                    second={o("consentLog.class", { class: sourceClass, isComplete: isComplete ? "yes" : "no" })}
                  >
                    {sourceText(source, t)}
                  </TwoLines>
                ),
              },
              {
                key: "wording",
                head: o("consentLog.wording"),
                isLow: true,
                cell: ({ wordingLabel, country }) => (
                  <TwoLines second={country ? formats.country(country) : undefined}>{wordingLabel ?? "–"}</TwoLines>
                ),
              },
              { key: "by", head: t("ledger.by"), isLow: true, cell: ({ by }) => actorText(by, t) },
              {
                key: "person",
                head: o("suppression.person"),
                cell: ({ contactId }) => <Link href={personPath(contactId)}>{o("exceptions.person")}</Link>,
              },
              {
                key: "entry",
                head: t("ledger.index"),
                cell: ({ index, leafHash }) =>
                  index === null ? (
                    t("proof.waiting")
                  ) : (
                    <TwoLines
                      second={
                        leafHash && (
                          <HashChip hash={leafHash} name={t("ledger.hashOf", { index: formats.integer(index) })} />
                        )
                      }
                    >
                      <Link href={`/compliance/ledger?entry=${index}`}>#{formats.integer(index)}</Link>
                    </TwoLines>
                  ),
              },
            ]}
          />
        )}
        <Pagination
          label={o("consentLog.pages")}
          previousHref={query.cursor ? consentLogPath(PATH, query, { cursor: undefined }) : undefined}
          nextHref={nextCursor ? consentLogPath(PATH, query, { cursor: nextCursor }) : undefined}
        />
      </Section>
    </ClientMessages>
  );
}

/** What the address says; what it leaves open, or says twice, filters nothing. */
function definedOf(filters: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

async function Filters({
  ctx,
  query,
  words: { t, o, formats },
  isFiltered,
}: {
  ctx: Context;
  query: ConsentLogQuery;
  words: Words;
  isFiltered: boolean;
}) {
  const purposes = await listPurposes(ctx);
  const wordings = (await Promise.all(purposes.map(({ id }) => listWordingVersions(ctx, { purposeId: id })))).flat();
  const choices: [keyof ConsentLogQuery & string, string, Choice[]][] = [
    ["type", t("ledger.event"), consentEventTypes.map((value) => ({ value, label: consentTypeText(value, t) }))],
    ["purpose", o("consentLog.purpose"), purposes.map(({ id, name }) => ({ value: publicId("pur", id), label: name }))],
    ["source", o("suppression.source"), consentSources.map((value) => ({ value, label: sourceText(value, t) }))],
    [
      "wording",
      o("consentLog.wording"),
      wordings.map(({ id, label, language }) => ({ value: publicId("wrd", id), label: `${label} · ${language}` })),
    ],
    [
      "country",
      o("consentLog.country"),
      countries
        .map((value) => ({ value, label: formats.country(value) }))
        .toSorted((one, other) => formats.compare(one.label, other.label)),
    ],
    ["by", t("ledger.by"), actorKinds.map((value) => ({ value, label: actorText(value, t) }))],
  ];
  return (
    <form className="mb-6 flex flex-wrap items-end gap-3" aria-label={t("ledger.filters")}>
      {choices.map(([name, label, options]) => (
        <SelectField
          key={name}
          name={name}
          label={label}
          className="w-[calc(50%-6px)] sm:w-48"
          defaultValue={query[name] ?? ""}
          placeholder={t("ledger.allTypes")}
          options={options}
        />
      ))}
      <DateRange query={query} />
      <SelectField
        name="size"
        label={o("consentLog.size")}
        className="w-[calc(50%-6px)] sm:w-28"
        defaultValue={query.size ?? "50"}
        options={pageSizes.map((value) => ({ value, label: value }))}
      />
      <Button type="submit">{o("filter.apply")}</Button>
      {isFiltered && (
        <LinkButton look="quiet" href={PATH}>
          {o("filter.clear")}
        </LinkButton>
      )}
    </form>
  );
}
