import { Callout } from "@/app/_ui/banner";
import { DataTable } from "@/app/_ui/data-table";
import { Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { countTemplateSends, type TemplateSends } from "@/lib/sending/queries/count-template-sends";
import type { ComparisonView, TemplateInsights } from "@/lib/templates/queries/get-template-insights";

/** Meta's own count beside ours, with the difference: a cross-check, never the figures that decide. */
export async function InsightsSection({
  ctx,
  templateId,
  insights,
  formats,
  t,
}: {
  ctx: Context;
  templateId: string;
  insights: TemplateInsights;
  formats: Formats;
  t: Translator<"templates">;
}) {
  const { from, pulledAt, enabledAt, failure, comparisons } = insights;
  const own =
    from && may(ctx.actor, "campaign.read") ? await countTemplateSends(ctx, { templateId, since: from }) : undefined;
  return (
    <Section title={t("insights.title")} note={t("insights.note")}>
      {failure && (
        <div className="mb-4">
          <Callout tone="warn">{t("insights.failed", { code: failure })}</Callout>
        </div>
      )}
      {from && own ? (
        <Figures insights={insights} own={own} formats={formats} t={t} />
      ) : (
        <p className="note">{t(pulledAt ? "insights.none" : "insights.notYet")}</p>
      )}
      {pulledAt && (
        <p className="note mt-3">
          {t("insights.read")} <TimeText at={pulledAt} formats={formats} />
        </p>
      )}
      {enabledAt && (
        <p className="note">
          {t("insights.enabled")} <TimeText at={enabledAt} formats={formats} />
        </p>
      )}
      {comparisons.length > 0 && (
        <ul className="mt-4 grid gap-2">
          {comparisons.map((one) => (
            <li key={`${one.otherName} ${one.windowDays}`}>{comparisonText(one, { formats, t })}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}

interface Row {
  key: "sent" | "delivered" | "read" | "clicked";
  meta: number;
  /** Null: counted elsewhere in another way. */
  own: number | null;
}

function Figures({
  insights,
  own,
  formats,
  t,
}: {
  insights: TemplateInsights;
  own: TemplateSends;
  formats: Formats;
  t: Translator<"templates">;
}) {
  const rows: Row[] = (["sent", "delivered", "read"] as const).map((key) => ({
    key,
    meta: insights[key],
    own: own[key],
  }));
  const clicks = insights.clicked.unique_url_button ?? insights.clicked.url_button;
  if (clicks !== undefined) rows.push({ key: "clicked", meta: clicks, own: null });
  return (
    <DataTable
      caption={t("insights.title")}
      rowKey={({ key }) => key}
      rows={rows}
      compact
      columns={[
        { key: "what", head: t("insights.what"), cell: ({ key }) => t(`insights.figures.${key}`) },
        { key: "own", head: t("insights.own"), isNumber: true, cell: (row) => numberOr(row.own, formats) },
        { key: "meta", head: t("insights.meta"), isNumber: true, cell: (row) => formats.integer(row.meta) },
        {
          key: "difference",
          head: t("insights.difference"),
          isNumber: true,
          cell: (row) => (row.own === null ? "–" : signed(row.meta - row.own, formats)),
        },
      ]}
    />
  );
}

function numberOr(value: number | null, formats: Formats): string {
  return value === null ? "–" : formats.integer(value);
}

function signed(difference: number, formats: Formats): string {
  if (difference === 0) return formats.integer(0);
  return `${difference > 0 ? "+" : "\u2212"}${formats.integer(Math.abs(difference))}`;
}

function comparisonText(
  { otherName, windowDays, isLessBlocked, sends, blockReason }: ComparisonView,
  { formats, t }: { formats: Formats; t: Translator<"templates"> },
): string {
  const values = { other: otherName, daysText: formats.integer(windowDays) };
  const verdict =
    isLessBlocked === null
      ? t("insights.blocksUnknown", values)
      : t(isLessBlocked ? "insights.lessBlocked" : "insights.moreBlocked", values);
  const facts = [
    ...(sends === null ? [] : [t("insights.sends", { sendsText: formats.integer(sends) })]),
    ...(blockReason === null ? [] : [t("insights.reason", { reason: blockReason })]),
  ];
  return [verdict, ...facts].join(" ");
}
