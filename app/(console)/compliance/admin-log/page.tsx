import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Button, LinkButton } from "@/app/_ui/button";
import { DataTable, Pagination, TwoLines } from "@/app/_ui/data-table";
import { SelectField } from "@/app/_ui/fields";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import { listAuditActors, listAuditEvents } from "@/lib/reporting/queries/list-audit-events";
import { actorText, entryTypeText } from "../codes";
import { ComplianceHead } from "../compliance-head";
import { DateRange } from "../date-range";
import { officerWords } from "../officer-words";
import { type AdminLogQuery, adminLogFilter, adminLogPath, families } from "./admin-log-query";
import { factsText } from "./facts-text";

const PATH = "/compliance/admin-log";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("officer"))("adminLog.title") };
}

/** Who did what, and who looked at whose data? */
export default async function AdminLogPage({ searchParams }: { searchParams: Promise<AdminLogQuery> }) {
  const ctx = await requirePerson("audit.read");
  const [query, words, actors] = await Promise.all([searchParams, officerWords(), listAuditActors(ctx)]);
  const { o, t, formats } = words;
  const { events, names, nextCursor } = await listAuditEvents(ctx, adminLogFilter(query, formats.settings.timeZone));
  const isFiltered = Boolean(query.family || query.actor || query.from || query.to);
  const mayOpen = may(ctx.actor, "ledger.read");
  return (
    <>
      <ComplianceHead />
      <Answer sub={o("adminLog.note")}>{o("adminLog.answer")}</Answer>
      <Section
        wide
        title={o("adminLog.list")}
        aside={
          <a href={adminLogPath("/api/compliance/admin-log", query, { cursor: undefined })} download>
            {o("adminLog.download")}
          </a>
        }
      >
        <form className="mb-6 flex flex-wrap items-end gap-3" aria-label={o("adminLog.filters")}>
          <SelectField
            name="family"
            label={o("adminLog.family")}
            className="w-[calc(50%-6px)] sm:w-56"
            defaultValue={query.family ?? ""}
            placeholder={o("adminLog.all")}
            options={families.map((value) => ({ value, label: o(`adminLog.families.${value}`) }))}
          />
          <SelectField
            name="actor"
            label={o("adminLog.who")}
            className="w-[calc(50%-6px)] sm:w-56"
            defaultValue={query.actor ?? ""}
            placeholder={o("adminLog.anybody")}
            options={actors.map(({ id, name }) => ({ value: publicId("usr", id), label: name }))}
          />
          <DateRange query={query} />
          <Button type="submit">{o("filter.apply")}</Button>
          {isFiltered && (
            <LinkButton look="quiet" href={PATH}>
              {o("filter.clear")}
            </LinkButton>
          )}
        </form>
        {events.length === 0 ? (
          <EmptyState title={o("adminLog.none")}>{o("adminLog.noneText")}</EmptyState>
        ) : (
          <DataTable
            compact
            caption={o("adminLog.list")}
            rows={events}
            rowKey={({ eventId }) => eventId}
            columns={[
              {
                key: "what",
                head: t("ledger.event"),
                cell: ({ type, reason }) => (
                  <TwoLines second={reason ? `«${reason}»` : undefined}>{entryTypeText(type, t)}</TwoLines>
                ),
              },
              { key: "at", head: t("ledger.at"), cell: ({ at }) => <TimeText at={at} formats={formats} /> },
              {
                key: "who",
                head: o("adminLog.who"),
                cell: ({ actorName, actorKind }) => actorName ?? actorText(actorKind, t),
              },
              {
                key: "facts",
                head: o("adminLog.facts"),
                isLow: true,
                cell: (event) => (
                  <span className="text-note text-muted break-words">{factsText(event, names, words)}</span>
                ),
              },
              {
                key: "entry",
                head: t("ledger.index"),
                cell: ({ logIndex }) =>
                  logIndex === null ? (
                    "–"
                  ) : mayOpen ? (
                    <Link href={`/compliance/ledger?entry=${logIndex}`}>#{formats.integer(logIndex)}</Link>
                  ) : (
                    `#${formats.integer(logIndex)}`
                  ),
              },
            ]}
          />
        )}
        <Pagination
          label={o("adminLog.pages")}
          previousHref={query.cursor ? adminLogPath(PATH, query, { cursor: undefined }) : undefined}
          nextHref={nextCursor ? adminLogPath(PATH, query, { cursor: nextCursor }) : undefined}
        />
      </Section>
    </>
  );
}
