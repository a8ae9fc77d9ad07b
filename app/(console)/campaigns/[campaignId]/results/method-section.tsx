import type { ReactNode } from "react";
import { DataTable } from "@/app/_ui/data-table";
import { KeyValue, Section } from "@/app/_ui/page";
import { HashChip, TimeText } from "@/app/_ui/text";
import { VariantTag } from "@/app/_ui/variant";
import type { Formats } from "@/lib/i18n/formats";
import type { AnalysisRecord } from "@/lib/results/analysis";
import type { ResultsView } from "@/lib/results/queries/get-results";
import { methodOf, methodParams, variantOf, type Words, windowText } from "./wording";

type Row = { label: ReactNode; value: ReactNode };

/** Everything that is needed to repeat the account: the plan as frozen, the test, the split, the hashes. */
export function MethodSection({ view, words }: { view: ResultsView; words: Words }) {
  const { t } = words;
  const record = view.state.kind === "analysed" ? view.state.record : null;
  const rows = [...planRows(view, words), ...(record ? testRows(record, words) : []), ...balanceRows(view, words)];
  return (
    <Section title={t("method.title")} note={t("method.note")} id="method">
      <KeyValue left rows={rows} />
      {record && <TestTable record={record} words={words} />}
    </Section>
  );
}

function planRows({ plan: frozen }: ResultsView, words: Words): Row[] {
  const { t, formats } = words;
  if (!frozen) return [];
  const { plan, hash, frozenAt } = frozen;
  const { change, outcome, reason } = plan.hypothesis;
  const holdout = plan.holdoutBasisPoints / 10_000;
  return [
    {
      label: t("method.plan"),
      value: (
        <span className="inline-flex flex-wrap items-center gap-2">
          {t("method.frozen")} <TimeText at={frozenAt} formats={formats} />{" "}
          <HashChip hash={hash} name={t("method.planHash")} />
        </span>
      ),
    },
    ...(change && outcome
      ? [{ label: t("method.hypothesis"), value: t("method.belief", { change, outcome, reason: reason || "–" }) }]
      : []),
    {
      label: t("method.metric"),
      value: t("method.metricText", { metric: plan.metric, window: windowText(plan.windowHours, words) }),
    },
    { label: t("method.denominator"), value: t("method.denominatorText") },
    {
      label: t("method.minimumEffect"),
      value:
        plan.minimumEffect.unit === "points"
          ? formats.points(plan.minimumEffect.value / 100).replace("+", "")
          : formats.money({ micros: plan.minimumEffect.value, currency: formats.settings.currency }),
    },
    { label: t("method.rule"), value: t("method.ruleText") },
    { label: t("method.looks"), value: t("method.looksText", methodParams(plan, formats)) },
    {
      label: t("method.holdout"),
      value: holdout > 0 ? t("method.holdoutText", { share: formats.percent(holdout) }) : t("method.noHoldout"),
    },
  ];
}

function testRows(record: AnalysisRecord, { t, formats }: Words): Row[] {
  const { critical, alpha, comparisons, unit } = record;
  return [
    {
      label: t("method.interval"),
      value: t("method.intervalText", {
        method: methodOf(record),
        unit,
        alpha: formats.decimal(alpha, 2),
        critical: critical === null ? "–" : formats.decimal(critical, 3),
        count: comparisons.length,
        countText: formats.integer(comparisons.length),
      }),
    },
    {
      label: t("method.power"),
      value:
        record.detectable === null
          ? t("method.powerUnknown")
          : t("method.powerText", {
              detectable:
                unit === "share"
                  ? formats.points(record.detectable, 2).replace("+", "")
                  : formats.money({ micros: Math.round(record.detectable), currency: record.currency }),
            }),
    },
  ];
}

function balanceRows({ health, state }: ResultsView, { t, formats }: Words): Row[] {
  const { srm, delivery } = health;
  const rows: Row[] = [];
  if (srm)
    rows.push({
      label: t("method.split"),
      value: t("method.splitText", {
        parts: srm.parts
          .map(({ key, observed }) => `${key === "holdout" ? t("holdout") : key} ${formats.integer(observed)}`)
          .join(" · "),
        planned: srm.parts.map(({ planned }) => formats.percent(planned)).join(" · "),
        stat: formats.decimal(srm.stat, 2),
        p: pText(srm.p, formats),
      }),
    });
  if (delivery)
    rows.push({
      label: t("method.delivery"),
      value: t("method.deliveryText", {
        stat: formats.decimal(delivery.stat, 2),
        p: pText(delivery.p, formats),
        codes: delivery.biasedCodes.join(", ") || "–",
      }),
    });
  if (state.kind === "analysed")
    rows.push({
      label: t("method.data"),
      value: (
        <span className="inline-flex flex-wrap items-center gap-2">
          <HashChip hash={state.recordHash} name={t("method.recordHash")} prefix="sha256" />
          <span className="mono">{state.record.format}</span>
        </span>
      ),
    });
  return rows;
}

const SMALLEST_P = 0.0001;

/** Four decimals; what is smaller is not zero. */
function pText(value: number, formats: Formats): string {
  return value < SMALLEST_P ? `<\u00a0${formats.decimal(SMALLEST_P, 4)}` : formats.decimal(value, 4);
}

/** The only place of the page with p-values. */
function TestTable({ record, words }: { record: AnalysisRecord; words: Words }) {
  const { t, formats } = words;
  const p = (value: number | null) => (value === null ? "–" : pText(value, formats));
  return (
    <div className="mt-6">
      <DataTable
        compact
        caption={t("method.tests")}
        rows={record.comparisons}
        rowKey={({ key }) => key}
        columns={[
          {
            key: "comparison",
            head: t("method.comparison"),
            cell: ({ key }) => (
              <span className="inline-flex flex-wrap items-center gap-1.5">
                <VariantTag variant={variantOf(key)} /> {t("against")}{" "}
                <VariantTag variant={variantOf(record.control)} />
              </span>
            ),
          },
          { key: "test", head: t("method.test"), cell: ({ test }) => (test ? t(`method.testNames.${test}`) : "–") },
          { key: "p", head: t("method.p"), isNumber: true, cell: (one) => p(one.p) },
          { key: "adjusted", head: t("method.pAdjusted"), isNumber: true, cell: (one) => p(one.pAdjusted) },
          { key: "code", head: t("method.code"), cell: ({ verdict }) => <span className="mono">{verdict}</span> },
        ]}
      />
      <p className="note mt-3">{t("method.definitions")}</p>
    </div>
  );
}
