import { Funnel, type FunnelCell } from "@/app/_ui/flow-charts";
import { Section } from "@/app/_ui/page";
import type { AnalysisRecord } from "@/lib/results/analysis";
import type { ArmCounts } from "@/lib/results/arm-counts";
import { failureTexts } from "./failures";
import { variantOf, type Words, windowText } from "./wording";

/** From the people assigned to those who did what was hoped; all bars share one scale. */
export function FunnelSection({ record, words }: { record: AnalysisRecord; words: Words }) {
  const { t, formats } = words;
  const arms = record.arms.filter(({ key }) => key !== "holdout");
  const step = (
    label: string,
    count: (arm: ArmCounts) => number,
    more: { note?: string; loss?: (arm: ArmCounts) => string } = {},
  ) => ({
    label,
    note: more.note,
    cells: arms.map((arm): FunnelCell => {
      const share = arm.assigned > 0 ? count(arm) / arm.assigned : 0;
      return {
        share,
        countText: formats.integer(count(arm)),
        shareText: arm.assigned > 0 ? formats.percent(share) : "",
        loss: more.loss?.(arm) || undefined,
      };
    }),
  });
  return (
    <Section title={t("funnel.title")} note={t("funnel.note")}>
      <Funnel
        caption={t("funnel.caption")}
        variants={arms.map(({ key }) => ({ variant: variantOf(key) }))}
        steps={[
          step(t("funnel.assigned"), ({ assigned }) => assigned),
          step(t("funnel.sent"), ({ sent }) => sent, { loss: (arm) => unsent(arm, words) }),
          step(t("funnel.delivered"), ({ delivered }) => delivered, {
            loss: (arm) => failureTexts(arm.failuresByCode, words).join(", "),
          }),
          step(t("funnel.read"), ({ read }) => read, { note: t("funnel.readNote") }),
          step(t("funnel.clicked"), ({ clicked }) => clicked),
          step(t("funnel.replied"), ({ replied }) => replied, { note: t("funnel.repliedNote") }),
          step(t("funnel.converted", { window: windowText(record.windowHours, words) }), ({ converted }) => converted, {
            note: t("funnel.convertedNote"),
          }),
        ]}
      />
    </Section>
  );
}

function unsent({ skipped, unknown }: ArmCounts, { t, formats }: Words): string {
  const parts = [
    skipped > 0 && t("funnel.skipped", { countText: formats.integer(skipped) }),
    unknown > 0 && t("funnel.unknown", { countText: formats.integer(unknown) }),
  ];
  return parts.filter(Boolean).join(", ");
}
