import { DataTable } from "@/app/_ui/data-table";
import { Section } from "@/app/_ui/page";
import { VariantTag } from "@/app/_ui/variant";
import type { AnalysisRecord } from "@/lib/results/analysis";
import { moneySentence, variantOf, type Words } from "./wording";

/** What the campaign earned that would not have come anyway, against the people who were sent nothing. */
export function MoneySection({ record, words }: { record: AnalysisRecord; words: Words }) {
  const { t, formats } = words;
  const { money } = record;
  const amount = (micros: number) => formats.moneyWhole({ micros: Math.round(micros), currency: money.currency });
  const isMeasured = money.incremental !== null;
  const converted = (key: string) => record.arms.find((arm) => arm.key === key);
  return (
    <Section title={t("money.title")} note={t(isMeasured ? "money.note" : "money.unmeasuredNote")}>
      <p className="mb-4 max-w-measure text-head">{moneySentence(record, words)}</p>
      <DataTable
        caption={t("money.title")}
        rows={money.arms}
        rowKey={({ key }) => key}
        columns={[
          { key: "group", head: t("money.group"), cell: ({ key }) => <VariantTag variant={variantOf(key)} /> },
          { key: "people", head: t("money.people"), isNumber: true, cell: ({ people }) => formats.integer(people) },
          {
            key: "buyers",
            head: t("money.buyers"),
            isNumber: true,
            isLow: true,
            cell: ({ key }) => formats.integer(converted(key)?.converted ?? 0),
          },
          {
            key: "perPerson",
            head: t("money.perPerson"),
            isNumber: true,
            cell: ({ perPersonMicros }) =>
              formats.money({ micros: Math.round(perPersonMicros), currency: money.currency }),
          },
          {
            key: "incremental",
            head: t("money.incremental"),
            isNumber: true,
            cell: ({ key, incremental }) =>
              incremental
                ? amount(incremental.estimate)
                : t(key === "holdout" ? "money.reference" : "money.notMeasurable"),
          },
          {
            key: "interval",
            head: t("money.interval"),
            isNumber: true,
            cell: ({ incremental }) => (incremental ? formats.moneyInterval(incremental.lower, incremental.upper) : ""),
          },
        ]}
        foot={
          money.incremental
            ? [
                t("money.total"),
                formats.integer(money.arms.reduce((sum, { people }) => sum + people, 0)),
                "",
                "",
                amount(money.incremental.estimate),
                formats.moneyInterval(money.incremental.lower, money.incremental.upper),
              ]
            : undefined
        }
      />
      <p className="note mt-3">
        {t("money.spend", { spend: formats.money({ micros: money.spendMicros, currency: money.currency }) })}{" "}
        {money.unpriced > 0 &&
          t("money.unpriced", { count: money.unpriced, countText: formats.integer(money.unpriced) })}
      </p>
    </Section>
  );
}
