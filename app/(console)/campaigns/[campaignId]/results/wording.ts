import type { VariantKey } from "@/app/_ui/variant";
import { type LookPlan, lookShares } from "@/lib/experiments/method";
import type { Formats, Interval } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { AnalysisRecord } from "@/lib/results/analysis";
import { returnWord } from "@/lib/results/return-word";
import { type Sentence, sentences } from "@/lib/results/sentence";

/** What every part of the page writes with. */
export interface Words {
  t: Translator<"results">;
  verdicts: Translator<"verdicts">;
  formats: Formats;
}

type Unit = Pick<AnalysisRecord, "unit" | "currency">;

const variantKeys = ["A", "B", "C", "D", "E", "F", "G", "H", "holdout"] as const satisfies readonly VariantKey[];

/** A part's key as the design system knows it. Records hold nothing but these. */
export function variantOf(key: string): VariantKey {
  return variantKeys.find((known) => known === key) ?? "A";
}

/** `+1,8 pp`, or `+0,12 €` where the metric is money per person. */
export function estimateText(interval: Interval, { unit, currency }: Unit, formats: Formats): string {
  if (unit === "share") return formats.points(interval.estimate, formats.pointDigits(interval));
  const amount = formats.money({ micros: Math.round(interval.estimate), currency });
  return interval.estimate > 0 ? `+${amount}` : amount;
}

/** `[1,1; 2,5]` in the same unit. */
export function intervalText(interval: Interval, { unit }: Pick<Unit, "unit">, formats: Formats): string {
  return unit === "share" ? formats.pointsInterval(interval) : formats.moneyInterval(interval.lower, interval.upper, 2);
}

/** A value of the primary metric for one part: a rate, or money per person. */
export function valueText(value: number, { unit, currency }: Unit, formats: Formats): string {
  return unit === "share" ? formats.percent(value) : formats.money({ micros: Math.round(value), currency });
}

/** What the catalogue needs to say when the figures may be seen; ICU has no word with a hyphen. */
export function methodParams(plan: LookPlan | undefined, formats: Formats) {
  const method = plan?.method === "always-valid" ? "always" : (plan?.method ?? "fixed");
  const count = plan ? lookShares(plan).length : 1;
  return { method, count, countText: formats.integer(count) };
}

/** The method of a record, as the catalogue names it. */
export const methodOf = ({ monitoring }: Pick<AnalysisRecord, "monitoring">): string =>
  monitoring ? (monitoring.method === "looks" ? "looks" : "always") : "fixed";

/** How long after the message an outcome counts: `7 días`, `36 horas`. */
export function windowText(hours: number, { t, formats }: Pick<Words, "t" | "formats">): string {
  const isDays = hours % 24 === 0;
  const count = isDays ? hours / 24 : hours;
  return t(isDays ? "windowDays" : "windowHours", { count, countText: formats.integer(count) });
}

/** What the analysis says of the campaign, or of one variant, as one text. */
export function sentenceText(record: AnalysisRecord, { verdicts, formats }: Words, key?: string): string {
  return say(sentences(record, formats, key), verdicts);
}

export function say(parts: readonly Sentence[], verdicts: Translator<"verdicts">): string {
  return parts.map(({ key, params }) => verdicts(key, params)).join(" ");
}

/** What to do, as the frozen rule has it. */
export function doText(record: AnalysisRecord, { verdicts, formats }: Words): string {
  const { headline, recommendation, control } = record;
  const variant = headline.variant ?? "";
  return verdicts(`action.${headline.code}`, { variant, variants: formats.list(recommendation.variants), control });
}

/** What the analysis cannot tell. */
export function unknownText(record: AnalysisRecord, { verdicts, formats }: Words): string {
  const { code } = record.headline;
  if (code === "INVALID_SRM" || code === "FROZEN" || code === "DATA_MISSING" || code === "COLLECTING")
    return verdicts(`unknown.${code}`);
  const days = Math.max(1, Math.round(record.windowHours / 24));
  return verdicts("unknown.variant", { days, daysText: formats.integer(days) });
}

/** The other variants' sentences; those that the headline already names together are not repeated. */
export function otherSentences(record: AnalysisRecord, words: Words): { key: string; text: string }[] {
  const { headline } = record;
  if (headline.variant === null) return [];
  return record.comparisons
    .filter(
      ({ key, verdict }) => key !== headline.variant && !(verdict === headline.code && verdict === "SEVERAL_BETTER"),
    )
    .map(({ key }) => ({ key, text: sentenceText(record, words, key) }));
}

/** One euro, peso or dollar. */
const UNIT_MICROS = 1_000_000;

/** The money in one sentence, by the word that the engine chose. Losses are told as plainly as gains. */
export function moneySentence({ money }: Pick<AnalysisRecord, "money">, { t, formats }: Words): string {
  const amount = (micros: number) => formats.moneyWhole({ micros: Math.round(micros), currency: money.currency });
  const { incremental, roi } = money;
  const word = returnWord(money);
  if (!incremental) return t(word === "unmeasured" ? "money.sentence.unmeasured" : "money.sentence.incomputable");
  const span = {
    lower: amount(incremental.lower),
    upper: amount(incremental.upper),
    estimate: amount(incremental.estimate),
    spend: amount(money.spendMicros),
  };
  if (!roi || word === "incomplete" || word === "unmeasured") return t("money.sentence.incomplete", span);
  const each = (value: number) =>
    formats.moneyPrecise({ micros: Math.round((value + 1) * UNIT_MICROS), currency: money.currency }, 1);
  return t(`money.sentence.${word}`, {
    ...span,
    low: each(roi.lower),
    high: each(roi.upper),
    one: amount(UNIT_MICROS),
  });
}
