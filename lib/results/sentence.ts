import type { createFormats } from "@/lib/i18n/formats";
import type { AnalysisRecord, Comparison, GuardrailMetric, VerdictCode } from "./analysis";

type Formats = Pick<
  ReturnType<typeof createFormats>,
  "unsignedPoints" | "pointDigits" | "money" | "percent" | "date" | "list" | "integer"
>;

/** Parameters of a sentence: texts made by the formats, and codes that the catalogue turns into words (ICU select). */
export type SentenceParams = Record<string, string>;

/** A text of the namespace `verdicts` (lib/i18n/messages): `translator(locale, "verdicts")(key, params)`. */
export interface Sentence {
  key: `sentence.${VerdictCode | "INCOMPUTABLE" | "INVALID_DELIVERY" | "UNDERPOWERED_PLAN"}`;
  params: SentenceParams;
}

/**
 * What the analysis says, in one or two sentences: first the prefix UNDERPOWERED_PLAN where it matters, then the verdict.
 * Without `key`: the headline; with it: what is said of that variant.
 */
export function sentences(record: AnalysisRecord, formats: Formats, key?: string): Sentence[] {
  const { headline } = record;
  const isOfCampaign = key === undefined && headline.variant === null;
  if (isOfCampaign) return [campaignSentence(record, formats)];
  const of = record.comparisons.find((one) => one.key === (key ?? headline.variant));
  if (!of) return [];
  const sentence = variantSentence(record, of, formats);
  const isPrefixed = of.verdict === "INCONCLUSIVE" && record.isUnderpowered && record.detectable !== null;
  return isPrefixed ? [underpowered(record, formats), sentence] : [sentence];
}

/** What is known of a campaign that has no record. */
export interface Collecting {
  code: VerdictCode;
  analysisAt: Date | null;
  /** Of a frozen one: since when, and the variants whose template was the cause (`state.frozen` of the results). */
  frozenAt?: Date | null;
  frozenVariants?: readonly string[];
  /** Of a broken split: `splitTexts`. */
  planned?: string;
  real?: string;
}

/** Of a campaign that has no record: still collecting, frozen, or with a broken split. */
export function collectingSentence(
  { code, analysisAt, frozenAt, frozenVariants = [], planned = "", real = "" }: Collecting,
  formats: Formats,
): Sentence {
  const date = code === "FROZEN" ? frozenAt : analysisAt;
  return {
    key: `sentence.${code}`,
    params: {
      date: date ? formats.date(date) : "",
      hasDate: date ? "yes" : "no",
      figures: "hidden",
      cause: frozenVariants.length > 0 ? "template" : "other",
      variants: formats.list(frozenVariants),
      planned,
      real,
    },
  };
}

/** For the per-delivered figures, when Meta delivered the variants to different people. */
export function deliverySentence(record: AnalysisRecord, formats: Formats): Sentence {
  const variants = record.arms.filter(({ key }) => key !== "holdout").map(({ key }) => key);
  return { key: "sentence.INVALID_DELIVERY", params: { variants: formats.list(variants) } };
}

/** `45/45/10`, of the planned and the real split, for the sentence of INVALID_SRM. */
export function splitTexts(srm: NonNullable<AnalysisRecord["srm"]>): { planned: string; real: string } {
  const total = srm.parts.reduce((sum, { observed }) => sum + observed, 0);
  const shares = (values: number[]) => values.map((share) => Math.round(share * 100)).join("/");
  const planned = shares(srm.parts.map((part) => part.planned));
  const real = shares(srm.parts.map(({ observed }) => (total > 0 ? observed / total : 0)));
  return { planned, real };
}

function campaignSentence(record: AnalysisRecord, formats: Formats): Sentence {
  const { headline, missingFeed, srm } = record;
  const date = missingFeed?.since ?? record.monitoring?.nextAt ?? record.plannedAt;
  return {
    key: `sentence.${headline.code}`,
    params: {
      ...(srm ? splitTexts(srm) : {}),
      feed: missingFeed?.feed ?? "",
      date: formats.date(date),
      hasDate: "yes",
      figures: record.monitoring ? "shown" : "hidden",
      cause: "other",
      variants: "",
    },
  };
}

function variantSentence(record: AnalysisRecord, of: Comparison, formats: Formats): Sentence {
  const { difference } = of;
  const common = { variant: of.key, control: record.control, metric: record.metric, unit: record.unit };
  if (!difference) return { key: "sentence.INCOMPUTABLE", params: common };
  const write = amounts(record, difference, formats);
  const several = record.comparisons.filter(({ verdict }) => verdict === "SEVERAL_BETTER").map(({ key }) => key);
  return {
    key: `sentence.${of.verdict}`,
    params: {
      ...common,
      variants: formats.list(several),
      ...span(difference, write),
      estimate: write(difference.estimate),
      mde: write(record.minimumEffect),
      worst: write(Math.max(0, -difference.lower)),
      best: write(Math.max(0, difference.upper)),
      ...harm(of, formats),
    },
  };
}

/** The ends as amounts, the smaller first: a loss of 2.6 to 0.3 is "entre 0,3 y 2,6 puntos menos". */
function span({ lower, upper }: { lower: number; upper: number }, write: (value: number) => string): SentenceParams {
  return upper < 0 ? { lower: write(upper), upper: write(lower) } : { lower: write(lower), upper: write(upper) };
}

function amounts(record: AnalysisRecord, difference: { lower: number; upper: number }, formats: Formats) {
  const digits = formats.pointDigits(difference);
  return record.unit === "share"
    ? (value: number) => formats.unsignedPoints(value, digits)
    : (value: number) => formats.money({ micros: Math.round(Math.abs(value)), currency: record.currency });
}

/** The limit that was passed furthest, in percentage points. */
function harm({ guardrails }: Comparison, formats: Formats): SentenceParams {
  const [worst] = guardrails
    .filter(({ status }) => status === "breached")
    .sort((one, two) => two.estimate / two.limit - one.estimate / one.limit);
  if (!worst) return {};
  const points = (value: number) => formats.unsignedPoints(value, 2);
  const guardrail: GuardrailMetric = worst.metric;
  return { guardrail, glo: points(worst.lower), ghi: points(worst.upper), lim: points(worst.limit) };
}

function underpowered(record: AnalysisRecord, formats: Formats): Sentence {
  const detectable = record.detectable ?? 0;
  const write = amounts(record, { lower: 0, upper: 1 }, formats);
  return { key: "sentence.UNDERPOWERED_PLAN", params: { mde80: write(detectable), unit: record.unit } };
}
