import Link from "next/link";
import type { CSSProperties } from "react";
import { GuardrailBadge, WordTag } from "@/app/_ui/badge";
import { type Column, DataTable, TwoLines } from "@/app/_ui/data-table";
import { type IntervalScale, intervalScale } from "@/app/_ui/interval-geometry";
import { MiniInterval } from "@/app/_ui/interval-plot";
import { Section } from "@/app/_ui/page";
import { VariantTag } from "@/app/_ui/variant";
import type { AnalysisRecord } from "@/lib/results/analysis";
import {
  type Denominator,
  type MetricCell,
  type MetricDifference,
  type MetricRow,
  metricTable,
} from "@/lib/results/metric-table";
import { estimateText, intervalText, variantOf, type Words, windowText } from "./wording";

const kinds = ["primary", "guardrail", "secondary"] as const;

/** Every metric for every part, with differences in words that the engine chose. */
export function MetricSection({
  record,
  denominator,
  switchHref,
  words,
}: {
  record: AnalysisRecord;
  denominator: Denominator;
  switchHref: string;
  words: Words;
}) {
  const { t } = words;
  const rows = metricTable(record, denominator);
  const groups = kinds
    .map((kind) => ({ kind, rows: rows.filter((row) => row.kind === kind) }))
    .filter((group) => group.rows.length > 0);
  const scales = new Map(groups.map(({ kind, rows: of }) => [kind, scaleOf(of)]));
  const isDiagnostic = denominator === "delivered";
  const head = (text: string) => (isDiagnostic ? t("metrics.diagnosticHead", { head: text }) : text);
  const others = record.comparisons.map(({ key }) => key);
  const rest = record.arms.map(({ key }) => key).filter((key) => key !== record.control && !others.includes(key));
  const cell = (key: string): Column<MetricRow> => ({
    key,
    head: head(key === "holdout" ? t("holdout") : key),
    isNumber: true,
    cell: (row) => <Rate cell={row.cells.find((one) => one.key === key)} record={record} words={words} />,
  });
  const difference = (key: string): Column<MetricRow> => ({
    key: `${key}-difference`,
    head: t("metrics.against", { variant: key, control: record.control }),
    isNumber: true,
    cell: (row) => (
      <Difference
        difference={row.differences.find((one) => one.key === key)}
        isMoney={row.kind === "primary" && record.unit === "micros"}
        scale={scales.get(row.kind)}
        record={record}
        words={words}
      />
    ),
  });
  // many variants share the width of the page: their marks get smaller, their words do not
  const marks = { "--mini": others.length > 1 ? "64px" : "120px" } as CSSProperties; // a custom property
  return (
    <Section
      wide
      id="metrics"
      title={t("metrics.title")}
      note={t(isDiagnostic ? "metrics.deliveredNote" : "metrics.note")}
      aside={
        <Link href={switchHref} scroll={false}>
          {t(isDiagnostic ? "metrics.byAssigned" : "metrics.byDelivered")}
        </Link>
      }
    >
      <div style={marks}>
        <DataTable
          caption={t("metrics.title")}
          rowKey={({ metric }) => metric}
          groups={groups.map(({ kind, rows: of }) => ({
            key: kind,
            title: (
              <>
                {t(`metrics.kinds.${kind}`)}
                {kind === "secondary" && (
                  <span className="ml-3 font-medium text-muted">{t("metrics.orientation")}</span>
                )}
              </>
            ),
            rows: of,
          }))}
          columns={[
            {
              key: "metric",
              head: t("metrics.metric"),
              cell: (row) => (
                <TwoLines second={secondLine(row, record, words)}>{t(`metrics.names.${row.metric}`)}</TwoLines>
              ),
            },
            cell(record.control),
            ...others.flatMap((key) => [cell(key), difference(key)]),
            ...rest.map(cell),
          ]}
        />
      </div>
      <p className="note mt-3">{t("metrics.legend")}</p>
    </Section>
  );
}

function secondLine(row: MetricRow, record: AnalysisRecord, words: Words): string {
  const [first] = row.differences;
  if (row.kind === "guardrail" && first?.guardrail)
    return words.t("metrics.limit", { limit: words.formats.points(first.guardrail.limit, 2) });
  return words.t("metrics.within", { window: windowText(record.windowHours, words) });
}

function scaleOf(rows: readonly MetricRow[]): IntervalScale {
  const differences = rows.flatMap((row) => row.differences);
  return intervalScale(differences, Math.max(0, ...differences.map(({ guardrail }) => guardrail?.limit ?? 0)));
}

function Rate({ cell, record, words }: { cell: MetricCell | undefined; record: AnalysisRecord; words: Words }) {
  const { t, formats } = words;
  if (!cell) return <span className="note">{t("metrics.notApplicable")}</span>;
  const { count, total, rate, interval, meanMicros } = cell;
  if (rate === null || !interval) return <span className="note">{t("metrics.notComputable")}</span>;
  const digits = formats.pointDigits(interval);
  const main =
    meanMicros === null
      ? formats.percent(rate, digits)
      : formats.money({ micros: Math.round(meanMicros), currency: record.currency });
  return (
    <TwoLines second={formats.ratio(count, total)}>
      <span className="whitespace-nowrap">
        <b>{main}</b> {meanMicros === null && <span className="note">{formats.percentInterval(interval, digits)}</span>}
      </span>
    </TwoLines>
  );
}

function Difference({
  difference,
  isMoney,
  scale,
  record,
  words,
}: {
  difference: MetricDifference | undefined;
  isMoney: boolean;
  scale: IntervalScale | undefined;
  record: AnalysisRecord;
  words: Words;
}) {
  const { t, formats } = words;
  if (!difference || !scale) return <span className="note">{t("metrics.notApplicable")}</span>;
  const unit = { unit: isMoney ? ("micros" as const) : ("share" as const), currency: record.currency };
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-x-4 gap-y-1">
      <MiniInterval
        interval={difference}
        variant={variantOf(difference.key)}
        scale={scale}
        limit={difference.guardrail?.limit}
      />
      <TwoLines
        second={
          difference.guardrail ? (
            <GuardrailBadge status={difference.guardrail.status} />
          ) : (
            difference.word && <WordTag word={difference.word} />
          )
        }
      >
        <b className="whitespace-nowrap">{estimateText(difference, unit, formats)}</b>{" "}
        <span className="note whitespace-nowrap">{intervalText(difference, unit, formats)}</span>
      </TwoLines>
    </span>
  );
}

/** The limits by themselves: judged on the interval's bad end. */
export function LimitSection({ record, words }: { record: AnalysisRecord; words: Words }) {
  const { t, formats } = words;
  const rows = record.comparisons.flatMap(({ key, guardrails }) => guardrails.map((one) => ({ key, ...one })));
  if (rows.length === 0) return null;
  return (
    <Section title={t("limits.title")} note={t("limits.note")}>
      <DataTable
        caption={t("limits.title")}
        rows={rows}
        rowKey={({ key, metric }) => `${key}-${metric}`}
        columns={[
          {
            key: "limit",
            head: t("limits.what"),
            cell: ({ key, metric }) => (
              <span className="inline-flex items-center gap-2">
                <VariantTag variant={variantOf(key)} /> {t(`metrics.names.${metric}`)}
              </span>
            ),
          },
          {
            key: "difference",
            head: t("limits.difference", { control: record.control }),
            isNumber: true,
            cell: (one) => (
              <span className="whitespace-nowrap">
                {formats.points(one.estimate, formats.pointDigits(one))} {formats.pointsInterval(one)}
              </span>
            ),
          },
          { key: "worst", head: t("limits.worst"), isNumber: true, cell: ({ upper }) => formats.points(upper, 2) },
          { key: "allowed", head: t("limits.allowed"), isNumber: true, cell: ({ limit }) => formats.points(limit, 2) },
          { key: "status", head: t("limits.status"), cell: ({ status }) => <GuardrailBadge status={status} /> },
        ]}
      />
    </Section>
  );
}
