import { csvField } from "@/lib/imports/csv-cell";
import type { AnalysisRecord } from "@/lib/results/analysis";
import { isLast, metricTable } from "@/lib/results/metric-table";
import type { ResultsView } from "@/lib/results/queries/get-results";
import { decisionText } from "./decision-choices";
import {
  doText,
  estimateText,
  intervalText,
  methodOf,
  moneySentence,
  otherSentences,
  sentenceText,
  unknownText,
  type Words,
} from "./wording";

/** A view whose analysis has been made. */
export interface Analysed {
  view: ResultsView;
  record: AnalysisRecord;
  recordHash: string;
}

/** The analysis of a view, or undefined before it. */
export function analysedOf(view: ResultsView): Analysed | undefined {
  return view.state.kind === "analysed"
    ? { view, record: view.state.record, recordHash: view.state.recordHash }
    : undefined;
}

/** A split that was not followed makes every figure useless: shown and exported only when asked for, and marked. */
export function isUnreliable({ headline }: Pick<AnalysisRecord, "headline">): boolean {
  return headline.code === "INVALID_SRM";
}

/** Marks that every export carries: sandbox, unreliable. */
function marks({ view, record }: Analysed, { t }: Words): string[] {
  return [...(view.isSandbox ? [t("export.sandbox")] : []), ...(isUnreliable(record) ? [t("export.unreliable")] : [])];
}

/** State, look, date, method and hashes: what says where the figures of an export come from. */
function provenance({ view, record, recordHash }: Analysed, words: Words): [string, string][] {
  const { t, formats } = words;
  return [
    [t("export.campaign"), view.campaign.name],
    [t("export.status"), t("export.statusText", { status: view.campaign.status })],
    [
      t("export.analysis"),
      `${formats.integer(record.look)} / ${formats.integer(record.looks)} · ${formats.dateTime(record.takenAt)}`,
    ],
    [t("export.method"), t("export.methodText", { method: methodOf(record) })],
    [t("export.planHash"), record.planHash],
    [t("export.recordHash"), recordHash],
  ];
}

/** The conclusion as text that can be pasted anywhere; it carries its own provenance. */
export function summaryText(analysed: Analysed, words: Words): string {
  const { t, verdicts } = words;
  const { view, record } = analysed;
  return [
    ...marks(analysed, words),
    view.campaign.name,
    sentenceText(record, words),
    ...otherSentences(record, words).map(({ text }) => text),
    `${t("export.do")}: ${doText(record, words)}`,
    `${t("export.unknown")}: ${unknownText(record, words)}`,
    ...record.comparisons.flatMap(({ key, difference }) =>
      difference
        ? [
            `${t("metrics.against", { variant: key, control: record.control })}: ${estimateText(difference, record, words.formats)} ${intervalText(difference, record, words.formats)}`,
          ]
        : [],
    ),
    ...(isLast(record) ? [moneySentence(record, words)] : []),
    ...(view.decision
      ? [`${t("decision.taken")}: ${decisionText({ ...view.decision, control: record.control }, verdicts)}`]
      : []),
    provenance(analysed, words)
      .slice(1)
      .map(([label, value]) => `${label}: ${value}`)
      .join(" · "),
  ].join("\n");
}

/** The stored record with what identifies it, for programs. */
export function exportJson({ view, record, recordHash }: Analysed): string {
  const { campaign, plan, decision, isSandbox } = view;
  const { id, name, status } = campaign;
  return JSON.stringify(
    {
      format: "contraste-results@1",
      sandbox: isSandbox,
      unreliable: isUnreliable(record),
      campaign: { id, name, status },
      plan: plan && { ...plan, frozenAt: plan.frozenAt.toISOString() },
      recordHash,
      record,
      decision: decision && { ...decision, at: decision.at.toISOString() },
    },
    null,
    2,
  );
}

/**
 * Aggregates, intervals and definitions for a spreadsheet: UTF-8 with a mark, the separator of the region, every figure
 * as shown and as a plain number. Text that a spreadsheet would run is disarmed.
 */
export function exportCsv(analysed: Analysed, words: Words): string {
  const { t, formats } = words;
  const { record } = analysed;
  const separator = formats.decimal(0.5).includes(",") ? ";" : ",";
  const line = (cells: readonly (string | number)[]) =>
    `${cells.map((cell) => (typeof cell === "number" ? String(cell) : csvField(cell))).join(separator)}\r\n`;
  const heads = [
    "metric",
    "kind",
    "group",
    "count",
    "total",
    "shown",
    "estimate",
    "lower",
    "upper",
    "unit",
    "reading",
  ] as const;
  const head = heads.map((key) => t(`export.columns.${key}`));
  return [
    "\uFEFF",
    ...marks(analysed, words).map((mark) => line([mark])),
    ...provenance(analysed, words).map((pair) => line(pair)),
    line([t("export.conclusion"), sentenceText(record, words)]),
    ...otherSentences(record, words).map(({ key, text }) => line([key, text])),
    ...(isLast(record) ? [line([t("export.money"), moneySentence(record, words)])] : []),
    line([t("export.definitions"), t("method.definitions")]),
    line([]),
    line(head),
    ...metricRows(record, words).map(line),
  ].join("");
}

type CsvRow = readonly (string | number)[];

function metricRows(record: AnalysisRecord, words: Words): CsvRow[] {
  const { t, formats } = words;
  const group = (key: string) => (key === "holdout" ? t("holdout") : key);
  return metricTable(record).flatMap((row) => {
    const isMoney = row.kind === "primary" && record.unit === "micros";
    const unit = { unit: isMoney ? ("micros" as const) : ("share" as const), currency: record.currency };
    const names = [t(`metrics.names.${row.metric}`), t(`metrics.kinds.${row.kind}`)];
    const rates = row.cells.map(({ key, count, total, rate, interval }): CsvRow => {
      const shown = rate === null || !interval ? "" : formats.percent(rate, formats.pointDigits(interval));
      return [
        ...names,
        group(key),
        count,
        total,
        shown,
        rate ?? "",
        interval?.lower ?? "",
        interval?.upper ?? "",
        t("export.share"),
        "",
      ];
    });
    const differences = row.differences.map(({ key, estimate, lower, upper, word, guardrail }): CsvRow => {
      const interval = { estimate, lower, upper };
      const shown = `${estimateText(interval, unit, formats).replace(/^\+/, "")} ${intervalText(interval, unit, formats)}`;
      const reading = guardrail ? t(`export.readings.${guardrail.status}`) : word ? t(`export.readings.${word}`) : "";
      const scale = isMoney ? 1_000_000 : 1;
      const versus = t("metrics.against", { variant: key, control: group(record.control) });
      const unitText = isMoney ? t("export.perPerson", { currency: record.currency }) : t("export.shareDifference");
      return [...names, versus, "", "", shown, estimate / scale, lower / scale, upper / scale, unitText, reading];
    });
    return [...rates, ...differences];
  });
}
