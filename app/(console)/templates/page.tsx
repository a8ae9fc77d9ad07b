import { Plus, Search } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Button, LinkButton } from "@/app/_ui/button";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, PageHeader } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { listTemplates, type TemplateSummary } from "@/lib/templates/queries/list-templates";
import { SyncButton } from "./sync-button.client";
import { TemplateCategory, TemplateQuality, TemplateStatus } from "./template-marks";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("templates"))("title") };
}

const shows = ["all", "ready", "waiting", "stopped"] as const;
type Show = (typeof shows)[number];

const groupOf = ({ isSendable, status }: TemplateSummary): Exclude<Show, "all"> =>
  isSendable ? "ready" : status === "PENDING" || status === "IN_APPEAL" ? "waiting" : "stopped";

export default async function TemplatesPage({
  searchParams,
}: {
  searchParams: Promise<{ show?: string; search?: string }>;
}) {
  const ctx = await requirePerson("template.read");
  const { show: asked, search = "" } = await searchParams;
  const show = shows.find((one) => one === asked) ?? "all";
  const [all, formats, t] = await Promise.all([listTemplates(ctx), currentFormats(), getTranslator("templates")]);
  const found = all.filter(({ name }) => name.includes(search.trim().toLowerCase()));
  const ready = all.filter(({ isSendable }) => isSendable).length;
  const mayEdit = may(ctx.actor, "template.edit");
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
          <Filters show={show} search={search} t={t} />
          <p className="note mb-2" role="status">
            {t("found", { count: shownOf(found, show).length, countText: integer(shownOf(found, show).length) })}
          </p>
          {shownOf(found, show).length === 0 ? (
            <EmptyState
              title={t("empty.filtered")}
              actions={<LinkButton href="/templates">{t("empty.clear")}</LinkButton>}
            />
          ) : (
            <Table templates={shownOf(found, show)} formats={formats} t={t} />
          )}
        </>
      )}
    </>
  );
}

function shownOf(templates: readonly TemplateSummary[], show: Show): TemplateSummary[] {
  return templates.filter((template) => show === "all" || groupOf(template) === show);
}

function Filters({ show, search, t }: { show: Show; search: string; t: Translator<"templates"> }) {
  const href = (one: Show) => {
    const query = new URLSearchParams({ ...(one !== "all" && { show: one }), ...(search && { search }) }).toString();
    return query ? `/templates?${query}` : "/templates";
  };
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-5 gap-y-3">
      <search>
        <form action="/templates" className="flex gap-2">
          {show !== "all" && <input type="hidden" name="show" value={show} />}
          <input
            className="input"
            type="search"
            name="search"
            defaultValue={search}
            aria-label={t("search")}
            placeholder={t("search")}
          />
          <Button type="submit" aria-label={t("doSearch")}>
            <Search aria-hidden />
          </Button>
        </form>
      </search>
      <nav aria-label={t("filter")} className="flex flex-wrap gap-4">
        {shows.map((one) => (
          <Link
            key={one}
            href={href(one)}
            aria-current={one === show ? "true" : undefined}
            className={one === show ? "font-semibold" : undefined}
          >
            {t(`shows.${one}`)}
          </Link>
        ))}
      </nav>
    </div>
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
