import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { CampaignBadge } from "@/app/_ui/badge";
import { buttonClass } from "@/app/_ui/button";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, PageHeader } from "@/app/_ui/page";
import { type Denominator, isLast } from "@/lib/results/metric-table";
import { getResults, type ResultsView } from "@/lib/results/queries/get-results";
import { collectingSentence, splitTexts } from "@/lib/results/sentence";
import { campaignPath } from "../../paths";
import { CampaignTabs } from "../campaign-tabs";
import { type CampaignParams, campaignIdOf, found } from "../load";
import { Conclusion, DecisionSection } from "./conclusion";
import { DifferenceSection } from "./difference-section";
import { type Analysed, analysedOf, isUnreliable, summaryText } from "./export-record";
import { FunnelSection } from "./funnel-section";
import { HealthSection } from "./health-section";
import { MethodSection } from "./method-section";
import { LimitSection, MetricSection } from "./metric-section";
import { MoneySection } from "./money-section";
import { StatusStrip } from "./status-strip";
import { TrustBanners } from "./trust-banners";
import { say, type Words } from "./wording";

interface Props {
  params: CampaignParams;
  searchParams: Promise<{ by?: string; anyway?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("results"))("title") };
}

/** What did we learn and what should we do? In the order of trust: what is wrong, what follows, the evidence, the method. */
export default async function ResultsPage({ params, searchParams }: Props) {
  const ctx = await requirePerson("report.read");
  const [campaignId, query] = await Promise.all([campaignIdOf(params), searchParams]);
  const [view, t, verdicts, formats] = await Promise.all([
    found(getResults(ctx, { campaignId })),
    getTranslator("results"),
    getTranslator("verdicts"),
    currentFormats(),
  ]);
  const words = { t, verdicts, formats };
  const analysed = analysedOf(view);
  const isAnyway = query.anyway === "1";
  const isOpen = analysed !== undefined && (isAnyway || !isUnreliable(analysed.record));
  const path = campaignPath(campaignId, "results");
  const denominator: Denominator = query.by === "delivered" ? "delivered" : "assigned";
  return (
    <ClientMessages namespaces={["results"]}>
      <PageHeader
        title={view.campaign.name}
        status={<CampaignBadge status={view.campaign.status} />}
        tabs={<CampaignTabs ctx={ctx} campaignId={campaignId} />}
        actions={isOpen && <Downloads path={path} isAnyway={isAnyway} words={words} />}
      />
      <StatusStrip view={view} now={ctx.now()} words={words} />
      <TrustBanners
        view={view}
        isShownAnyway={isOpen && isAnyway && analysed !== undefined && isUnreliable(analysed.record)}
        anywayHref={`${path}?anyway=1`}
        words={words}
      />
      {analysed && isOpen ? (
        <Evidence
          analysed={analysed}
          denominator={denominator}
          switchHref={switchHref(path, { denominator, isAnyway })}
          words={words}
        />
      ) : (
        <>
          <BeforeTheLook view={view} words={words} />
          <HealthSection health={view.health} words={words} />
        </>
      )}
      <MethodSection view={view} words={words} />
    </ClientMessages>
  );
}

function Evidence({
  analysed,
  denominator,
  switchHref,
  words,
}: {
  analysed: Analysed;
  denominator: Denominator;
  switchHref: string;
  words: Words;
}) {
  const { view, record } = analysed;
  return (
    <>
      <Conclusion view={view} record={record} summary={summaryText(analysed, words)} words={words} />
      {view.decision && <DecisionSection decision={view.decision} control={record.control} words={words} />}
      <DifferenceSection record={record} words={words} />
      <MetricSection record={record} denominator={denominator} switchHref={switchHref} words={words} />
      <LimitSection record={record} words={words} />
      <FunnelSection record={record} words={words} />
      {isLast(record) && <MoneySection record={record} words={words} />}
    </>
  );
}

/** Whoever looks before the planned moment gets no figure of the outcome, only when there will be some. */
function BeforeTheLook({ view, words }: { view: ResultsView; words: Words }) {
  const { t, verdicts, formats } = words;
  const { state, health } = view;
  if (state.kind === "analysed") return <Answer>{t("before.hidden")}</Answer>;
  if (state.kind === "waiting") return <Answer sub={t("before.waitingNote")}>{t("before.waiting")}</Answer>;
  if (state.kind === "ended") return <Answer sub={t("before.endedNote")}>{t("before.ended")}</Answer>;
  const { code } = state.verdict;
  const sentence = collectingSentence(
    {
      code,
      analysisAt: state.analysisAt,
      frozenAt: state.frozen?.at ?? null,
      frozenVariants: state.frozen?.variants ?? [],
      ...(health.srm ? splitTexts(health.srm) : {}),
    },
    formats,
  );
  const note =
    code === "FROZEN" || code === "INVALID_SRM" || code === "COLLECTING"
      ? `${t("export.unknown")}: ${verdicts(`unknown.${code}`)}`
      : undefined;
  return <Answer sub={note}>{say([sentence], verdicts)}</Answer>;
}

/** Files, not pages: plain links, so that nothing is fetched before somebody asks. */
function Downloads({ path, isAnyway, words: { t } }: { path: string; isAnyway: boolean; words: Words }) {
  const query = isAnyway ? "?anyway=1" : "";
  return (
    <span className="no-print flex flex-wrap gap-2">
      <a className={buttonClass({})} href={`${path}/csv${query}`} download>
        {t("export.csv")}
      </a>
      <a className={buttonClass({})} href={`${path}/json${query}`} download>
        {t("export.json")}
      </a>
    </span>
  );
}

function switchHref(path: string, { denominator, isAnyway }: { denominator: Denominator; isAnyway: boolean }): string {
  const query = new URLSearchParams();
  if (denominator === "assigned") query.set("by", "delivered");
  if (isAnyway) query.set("anyway", "1");
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
