import { DataTable } from "@/app/_ui/data-table";
import { Section } from "@/app/_ui/page";
import { VariantTag } from "@/app/_ui/variant";
import type { ArmHealth, ResultsView } from "@/lib/results/queries/get-results";
import { failureTexts } from "./failures";
import { variantOf, type Words } from "./wording";

/** Balance and deliveries: what may be seen before anybody looks at what people did. */
export function HealthSection({ health, words }: { health: ResultsView["health"]; words: Words }) {
  const { t, formats } = words;
  const count = (value: number) => formats.integer(value);
  const planned = new Map(health.srm?.parts.map(({ key, planned: share }) => [key, share]));
  const shareText = (share: number | undefined) => (share === undefined ? "–" : formats.percent(share));
  const dash = (arm: ArmHealth, value: number) => (arm.key === "holdout" ? t("health.none") : count(value));
  return (
    <Section title={t("health.title")} note={t("health.note")}>
      <DataTable
        caption={t("health.title")}
        rows={health.arms}
        rowKey={({ key }) => key}
        columns={[
          { key: "variant", head: t("health.variant"), cell: ({ key }) => <VariantTag variant={variantOf(key)} /> },
          {
            key: "planned",
            head: t("health.planned"),
            isNumber: true,
            cell: ({ key }) => shareText(planned.get(key)),
          },
          { key: "assigned", head: t("funnel.assigned"), isNumber: true, cell: ({ assigned }) => count(assigned) },
          { key: "sent", head: t("funnel.sent"), isNumber: true, cell: (arm) => dash(arm, arm.sent) },
          { key: "delivered", head: t("funnel.delivered"), isNumber: true, cell: (arm) => dash(arm, arm.delivered) },
          { key: "failed", head: t("health.failed"), isNumber: true, cell: (arm) => dash(arm, arm.failed) },
          { key: "skipped", head: t("health.skipped"), isNumber: true, cell: (arm) => dash(arm, arm.skipped) },
          {
            key: "why",
            head: t("health.why"),
            isLow: true,
            cell: (arm) => <span className="note">{failureTexts(arm.failuresByCode, words).join(" · ")}</span>,
          },
        ]}
      />
    </Section>
  );
}
