import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { LinkButton } from "@/app/_ui/button";
import { Pagination } from "@/app/_ui/data-table";
import { Answer, PageHeader } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { campaignGroups } from "@/lib/campaigns/groups";
import { listCampaigns } from "@/lib/campaigns/queries/list-campaigns";
import { may } from "@/lib/identity/authorize";
import { CampaignFilters } from "./campaign-filters";
import { CampaignTable } from "./campaign-table";
import { listAnswer } from "./list-answer";
import type { ListFilter } from "./list-filter";
import { needOf } from "./needs";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("campaigns"))("title") };
}

type Query = Promise<Record<string, string | string[] | undefined>>;

/** What is running and what is ready to decide? Filters and pages are in the address; nothing personal is. */
export default async function CampaignsPage({ searchParams }: { searchParams: Query }) {
  const ctx = await requirePerson("campaign.read");
  const filter = filterOf(await searchParams);
  const [{ campaigns, nextCursor }, t, formats] = await Promise.all([
    listCampaigns(ctx, filter),
    getTranslator("campaigns"),
    currentFormats(),
  ]);
  const mayEdit = may(ctx.actor, "campaign.edit");
  const isFiltered = filter.search !== undefined || filter.group !== undefined || filter.cursor !== undefined;
  const isFirstUse = campaigns.length === 0 && !isFiltered;
  const needs = campaigns.map((campaign) => needOf(campaign, ctx.actor));
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          mayEdit &&
          !isFirstUse && (
            <LinkButton look="primary" href="/campaigns/new">
              <Plus aria-hidden />
              {t("new")}
            </LinkButton>
          )
        }
      />
      {isFirstUse ? (
        <div className="mt-8">
          <EmptyState
            title={t("first.title")}
            steps={(["people", "messages", "approval"] as const).map((step) => ({
              title: t(`first.${step}.title`),
              text: t(`first.${step}.text`),
            }))}
            actions={
              mayEdit && (
                <>
                  <LinkButton look="primary" href="/campaigns/new">
                    {t("new")}
                  </LinkButton>
                  <LinkButton href="/audiences">{t("first.import")}</LinkButton>
                </>
              )
            }
          />
        </div>
      ) : (
        <>
          {!isFiltered && <Answer sub={t("listNote")}>{listAnswer(needs, t, formats)}</Answer>}
          <CampaignFilters
            filter={filter}
            shown={campaigns.length}
            isMore={nextCursor !== null}
            t={t}
            formats={formats}
          />
          {campaigns.length === 0 ? (
            <EmptyState title={t("noneFound")} actions={<LinkButton href="/campaigns">{t("clearFilters")}</LinkButton>}>
              {t("noneFoundText")}
            </EmptyState>
          ) : (
            <CampaignTable campaigns={campaigns} actor={ctx.actor} now={ctx.now()} t={t} formats={formats} />
          )}
          {(nextCursor || filter.cursor) && (
            <Pagination
              label={t("pages")}
              previousHref={filter.cursor && listHref({ ...filter, cursor: undefined })}
              nextHref={nextCursor ? listHref({ ...filter, cursor: nextCursor }) : undefined}
            />
          )}
        </>
      )}
    </>
  );
}

function filterOf(query: Awaited<Query>): ListFilter {
  const one = (name: string) => (typeof query[name] === "string" && query[name] !== "" ? query[name] : undefined);
  return {
    search: one("q")?.slice(0, 120),
    group: campaignGroups.find((group) => group === one("group")),
    cursor: one("cursor"),
  };
}

function listHref({ search, group, cursor }: ListFilter): string {
  const query = new URLSearchParams({
    ...(search && { q: search }),
    ...(group && { group }),
    ...(cursor && { cursor }),
  });
  return query.size > 0 ? `/campaigns?${query}` : "/campaigns";
}
