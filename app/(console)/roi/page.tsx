import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson, signedInPerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Callout } from "@/app/_ui/banner";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, PageHeader, Section, Tiles } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { ALPHA } from "@/lib/experiments/plan";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { getRoi, type RoiView } from "@/lib/reporting/queries/get-roi";
import { proportionInterval } from "@/lib/statistics/proportion-interval";
import { CampaignTable, perUnitInterval } from "./campaign-table";
import { headline } from "./headline";
import { Months } from "./months";
import { choosePeriod, type PeriodQuery } from "./period";
import { PeriodForm } from "./period-form";
import { PrintButton } from "./print-button.client";
import "./roi.css";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("roi"))("title") };
}

interface Words {
  t: Translator<"roi">;
  formats: Formats;
}

/** What did WhatsApp bring in that would not have come anyway, and what did it cost? One screen, one A4. */
export default async function RoiPage({ searchParams }: { searchParams: Promise<PeriodQuery> }) {
  const ctx = await requirePerson("roi.read");
  const [query, t, formats, { name }] = await Promise.all([
    searchParams,
    getTranslator("roi"),
    currentFormats(),
    signedInPerson(),
  ]);
  const period = choosePeriod(query, ctx.now(), formats.settings.timeZone);
  const view = await getRoi(ctx, { from: period.from, to: period.to });
  const words = { t, formats };
  return (
    <ClientMessages namespaces={[]}>
      <div className="roi">
        <PageHeader title={t("title")} actions={<PrintButton label={t("print")} />} />
        <PeriodForm period={period} t={t} />
        <Answer>{headline(view, period, words)}</Answer>
        {view.campaigns.length === 0 ? (
          <EmptyState title={t("empty.title")} actions={<Link href="/campaigns">{t("empty.action")}</Link>}>
            {t("empty.text")}
          </EmptyState>
        ) : (
          <>
            <Figures view={view} words={words} />
            <Section wide title={t("campaigns.title")} note={t("campaigns.note")}>
              <CampaignTable view={view} words={words} />
            </Section>
            {view.months.length > 1 && (
              <Section title={t("months.title")} note={t("months.note")}>
                <Months months={view.months} currency={view.currency} t={t} formats={formats} />
              </Section>
            )}
            <Risks view={view} words={words} />
          </>
        )}
        <footer className="border-t border-line py-4 note">
          <p className="max-w-measure">{t("method")}</p>
          <p>
            {t("generated", { date: formats.dateTime(view.at), name })} {view.isSandbox && <b>{t("sandbox")}</b>}
          </p>
        </footer>
      </div>
    </ClientMessages>
  );
}

function Figures({ view, words: { t, formats } }: { view: RoiView; words: Words }) {
  const { totals, previous, currency } = view;
  const money = (micros: number) => formats.moneyWhole({ micros: Math.round(micros), currency });
  const signed = (micros: number) => (micros > 0 ? `+${money(micros)}` : money(micros));
  const { incremental, perUnit, measuredShare } = totals;
  const { incrementalChange } = previous;
  return (
    <Tiles
      tiles={[
        {
          label: t("tiles.spend"),
          figure: money(totals.spendMicros),
          note: t("tiles.spendNote", { change: signed(totals.spendMicros - previous.spendMicros) }),
        },
        {
          label: t("tiles.incremental"),
          figure: incremental ? money(incremental.estimate) : t("notMeasurable"),
          note: incremental && (
            <>
              {formats.moneyInterval(incremental.lower, incremental.upper)}
              {incrementalChange && (
                <span className="block">
                  {t("tiles.change", {
                    change: signed(incrementalChange.estimate),
                    interval: formats.moneyInterval(incrementalChange.lower, incrementalChange.upper),
                  })}
                </span>
              )}
            </>
          ),
        },
        {
          label: t("tiles.perUnit", { one: money(1_000_000) }),
          figure: perUnit ? formats.decimal(perUnit.estimate) : t("notMeasurable"),
          note: perUnit && (
            <>
              {perUnitInterval(perUnit, formats)}
              {totals.coversBreakEven && <span className="block">{t("tiles.breakEven")}</span>}
            </>
          ),
        },
        {
          label: t("tiles.measured"),
          figure: measuredShare === null ? t("notMeasurable") : formats.percent(measuredShare, 0),
          note: t("tiles.measuredNote", { part: money(totals.measuredSpendMicros), whole: money(totals.spendMicros) }),
        },
      ]}
    />
  );
}

/** What to keep an eye on: refusals, spend that nobody can judge, prices that are missing. */
function Risks({ view: { optOuts, totals }, words: { t, formats } }: { view: RoiView; words: Words }) {
  const { people, optedOut } = optOuts;
  const interval = people > 0 ? proportionInterval(optedOut, people, ALPHA).value : null;
  const unmeasured = totals.measuredShare === null ? 0 : 1 - totals.measuredShare;
  return (
    <Section title={t("risks.title")} note={t("risks.note")}>
      <div className="grid gap-2">
        {interval && (
          <Callout tone="info">
            {t("risks.optOuts", {
              rate: formats.rate(optedOut, people, { lower: interval.wilsonLo, upper: interval.wilsonHi }),
            })}
          </Callout>
        )}
        {unmeasured > 0 && (
          <Callout tone="warn">{t("risks.unmeasured", { share: formats.percent(unmeasured, 0) })}</Callout>
        )}
        {totals.unpriced > 0 && (
          <Callout tone="warn">
            {t("risks.unpriced", { count: totals.unpriced, countText: formats.integer(totals.unpriced) })}
          </Callout>
        )}
      </div>
    </Section>
  );
}
