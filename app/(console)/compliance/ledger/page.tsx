import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Button, LinkButton } from "@/app/_ui/button";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, Pagination } from "@/app/_ui/data-table";
import { SelectField } from "@/app/_ui/fields";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { HashChip, TimeText } from "@/app/_ui/text";
import { listLogEntries } from "@/lib/reporting/queries/list-log-entries";
import { actorText, entryTypeText } from "../codes";
import { ComplianceHead } from "../compliance-head";
import { DateRange } from "../date-range";
import { EntryDetail } from "./entry-detail";
import { EntryPanel } from "./entry-panel.client";
import { actorKinds, type LedgerQuery, ledgerFilter, ledgerPath, pageSizes, typeFilters } from "./ledger-query";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("compliance"))("ledger.title") };
}

/** What happened, in the order in which it was written down: nobody edits, nobody deletes. */
export default async function LedgerPage({ searchParams }: { searchParams: Promise<LedgerQuery> }) {
  const ctx = await requirePerson("ledger.read");
  const query = await searchParams;
  const [t, formats] = await Promise.all([getTranslator("compliance"), currentFormats()]);
  const { entries, nextCursor, size } = await listLogEntries(ctx, ledgerFilter(query, formats.settings.timeZone));
  const isFiltered = Boolean(query.type || query.by || query.from || query.to);
  const opened = query.entry && /^\d{1,15}$/.test(query.entry) ? Number(query.entry) : undefined;
  return (
    <ClientMessages namespaces={["compliance"]}>
      <ComplianceHead />
      <Answer sub={t("ledger.note")}>{t("ledger.answer", { count: size, countText: formats.integer(size) })}</Answer>
      <Section wide title={t("ledger.title")}>
        <form className="mb-6 flex flex-wrap items-end gap-3" aria-label={t("ledger.filters")}>
          <SelectField
            name="type"
            label={t("ledger.type")}
            className="w-[calc(50%-6px)] sm:w-56"
            defaultValue={query.type ?? ""}
            placeholder={t("ledger.allTypes")}
            options={typeFilters.map((type) => ({ value: type, label: t(`ledger.types.${type}`) }))}
          />
          <SelectField
            name="by"
            label={t("ledger.by")}
            className="w-[calc(50%-6px)] sm:w-48"
            defaultValue={query.by ?? ""}
            placeholder={t("ledger.allTypes")}
            options={actorKinds.map((kind) => ({ value: kind, label: actorText(kind, t) }))}
          />
          <DateRange query={query} />
          <SelectField
            name="size"
            label={t("ledger.size")}
            className="w-[calc(50%-6px)] sm:w-28"
            defaultValue={query.size ?? "50"}
            options={pageSizes.map((size) => ({ value: size, label: size }))}
          />
          <Button type="submit">{t("ledger.apply")}</Button>
          {isFiltered && (
            <LinkButton look="quiet" href="/compliance/ledger">
              {t("ledger.clear")}
            </LinkButton>
          )}
        </form>
        {entries.length === 0 ? (
          <EmptyState title={t(isFiltered ? "ledger.emptyFiltered" : "ledger.empty")}>
            {t(isFiltered ? "ledger.emptyFilteredText" : "ledger.emptyText")}
          </EmptyState>
        ) : (
          <DataTable
            compact
            caption={t("ledger.title")}
            rows={entries}
            rowKey={({ index }) => String(index)}
            columns={[
              {
                key: "index",
                head: t("ledger.index"),
                cell: ({ index }) => (
                  <Link href={ledgerPath(query, { entry: String(index) })} scroll={false}>
                    #{formats.integer(index)}
                  </Link>
                ),
              },
              { key: "at", head: t("ledger.at"), cell: ({ at }) => <TimeText at={at} formats={formats} /> },
              { key: "type", head: t("ledger.event"), cell: ({ type }) => entryTypeText(type, t) },
              { key: "by", head: t("ledger.by"), isLow: true, cell: ({ by }) => actorText(by, t) },
              {
                key: "items",
                head: t("ledger.items"),
                isNumber: true,
                isLow: true,
                cell: ({ items }) => (items === null ? "1" : formats.integer(items)),
              },
              {
                key: "hash",
                head: t("ledger.hash"),
                cell: ({ leafHash, index }) => (
                  <HashChip hash={leafHash} name={t("ledger.hashOf", { index: formats.integer(index) })} />
                ),
              },
            ]}
          />
        )}
        <Pagination
          label={t("ledger.pages")}
          previousHref={query.cursor ? ledgerPath(query, { cursor: undefined, entry: undefined }) : undefined}
          nextHref={nextCursor ? ledgerPath(query, { cursor: nextCursor, entry: undefined }) : undefined}
        />
      </Section>
      {opened !== undefined && (
        <EntryPanel
          title={t("ledger.entry", { index: formats.integer(opened) })}
          closeHref={ledgerPath(query, { entry: undefined })}
        >
          <EntryDetail ctx={ctx} index={opened} />
        </EntryPanel>
      )}
    </ClientMessages>
  );
}
