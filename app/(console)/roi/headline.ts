import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { RoiView } from "@/lib/reporting/queries/get-roi";
import { perUnitWord } from "@/lib/results/return-word";
import type { ChosenPeriod } from "./period";

const UNIT_MICROS = 1_000_000;

/** The page in one sentence. Says as plainly that nothing can be said, or that money was lost, as that it came back. */
export function headline(
  view: RoiView,
  period: ChosenPeriod,
  { t, formats }: { t: Translator<"roi">; formats: Formats },
): string {
  const { totals, campaigns, currency } = view;
  const money = (micros: number) => formats.moneyWhole({ micros: Math.round(micros), currency });
  const when = t("period.when", {
    kind: period.kind,
    from: formats.date(period.from),
    to: formats.date(new Date(period.to.getTime() - 1)),
  });
  if (campaigns.length === 0) return t("headline.nothing", { when });
  const { incremental, perUnit, spendMicros } = totals;
  if (!incremental) {
    const isOpen = campaigns.some(({ measure }) => measure.kind === "collecting");
    return t(isOpen ? "headline.collecting" : "headline.unmeasured", { when, spend: money(spendMicros) });
  }
  const span = {
    when,
    lower: money(incremental.lower),
    upper: money(incremental.upper),
    estimate: money(incremental.estimate),
    spend: money(spendMicros),
  };
  if (!perUnit) return t("headline.noSpend", span);
  const word = perUnitWord(perUnit);
  return t(`headline.${word}`, {
    ...span,
    low: formats.decimal(perUnit.lower),
    high: formats.decimal(perUnit.upper),
    one: money(UNIT_MICROS),
  });
}
