import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { LinkButton } from "@/app/_ui/button";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, PageHeader } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { listDrafts } from "@/lib/templates/queries/list-drafts";
import { listTemplates, type TemplateSummary } from "@/lib/templates/queries/list-templates";
import { DraftsSection } from "./drafts-section";
import { fits, groupOf, readFilter } from "./filter";
import { SyncButton } from "./sync-button.client";
import { TemplateFilters } from "./template-filters";
import { TemplateCategory, TemplateQuality, TemplateStatus } from "./template-marks";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("templates"))("title") };
}

export default async function TemplatesPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const ctx = await requirePerson("template.read");
  const filter = readFilter(await searchParams);
  const mayEdit = may(ctx.actor, "template.edit");
  const [all, drafts, formats, t] = await Promise.all([
    listTemplates(ctx),
    mayEdit ? listDrafts(ctx) : [],
    currentFormats(),
    getTranslator("templates"),
  ]);
  const found = all.filter((template) => fits(template, filter));
  const ready = all.filter(({ isSendable }) => isSendable).length;
  const synced = all.map(({ syncedAt }) => syncedAt?.getTime() ?? 0).reduce((a, b) => Math.max(a, b), 0);
  const { integer } = formats;
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          mayEdit && (
            <>
              <SyncButton />
              <LinkButton href="/templates/new" look="primary">
                <Plus aria-hidden />
                {t("create")}
              </LinkButton>
            </>
          )
        }
      />
      {all.length === 0 ? (
        <div className="pt-8">
          <EmptyState title={t("empty.title")}>{t("empty.text")}</EmptyState>
        </div>
      ) : (
        <>
          <Answer
            sub={
              synced > 0 && (
                <>
                  {t("synced")} <TimeText at={synced} formats={formats} now={ctx.now()} />
                </>
              )
            }
          >
            {t("answer", {
              count: ready,
              countText: integer(ready),
              total: all.length,
              totalText: integer(all.length),
            })}
          </Answer>
          <TemplateFilters
            filter={filter}
            languages={[...new Set(all.map(({ language }) => language))].sort()}
            formats={formats}
            t={t}
          />
          <p className="note mb-2" role="status">
            {t("found", { count: found.length, countText: integer(found.length) })}
          </p>
          {found.length === 0 ? (
            <EmptyState
              title={t("empty.filtered")}
              actions={<LinkButton href="/templates">{t("empty.clear")}</LinkButton>}
            />
          ) : (
            <Table templates={found} formats={formats} t={t} />
          )}
        </>
      )}
      {drafts.length > 0 && <DraftsSection drafts={drafts} formats={formats} t={t} now={ctx.now()} />}
    </>
  );
}

function Table({
  templates,
  formats,
  t,
}: {
  templates: readonly TemplateSummary[];
  formats: Formats;
  t: Translator<"templates">;
}) {
  const groups = (["ready", "waiting", "stopped"] as const).map((key) => ({
    key,
    title: t(`shows.${key}`),
    rows: templates.filter((template) => groupOf(template) === key),
  }));
  return (
    <DataTable
      caption={t("title")}
      rowKey={({ id }) => id}
      groups={groups.filter(({ rows }) => rows.length > 0)}
      columns={[
        {
          key: "name",
          head: t("columns.name"),
          cell: ({ id, name, body }) => (
            <TwoLines second={<span className="line-clamp-1 max-w-measure">{body}</span>}>
              <Link className="break-all" href={`/templates/${publicId("tpl", id)}`}>
                {name}
              </Link>
            </TwoLines>
          ),
        },
        { key: "status", head: t("columns.status"), cell: ({ status }) => <TemplateStatus status={status} /> },
        {
          key: "category",
          head: t("columns.category"),
          cell: ({ category, hasOptOut }) => (
            <TwoLines second={category === "MARKETING" && t(hasOptOut ? "optOut.has" : "optOut.lacks")}>
              <TemplateCategory category={category} />
            </TwoLines>
          ),
        },
        { key: "quality", head: t("columns.quality"), cell: ({ quality }) => <TemplateQuality quality={quality} /> },
        { key: "language", head: t("columns.language"), cell: ({ language }) => formats.language(language) },
        { key: "sender", head: t("columns.sender"), isLow: true, cell: ({ senderName }) => senderName },
      ]}
    />
  );
}
