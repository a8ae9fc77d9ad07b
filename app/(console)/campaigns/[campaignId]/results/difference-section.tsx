import { IntervalPlot } from "@/app/_ui/interval-plot";
import { Section } from "@/app/_ui/page";
import type { AnalysisRecord } from "@/lib/results/analysis";
import { verdictWord } from "@/lib/results/metric-table";
import { estimateText, intervalText, valueText, variantOf, type Words } from "./wording";

/** The primary metric's differences on one scale, with the band that is too small to matter. */
export function DifferenceSection({ record, words }: { record: AnalysisRecord; words: Words }) {
  const { t, verdicts, formats } = words;
  const { control, minimumEffect, unit, looks } = record;
  const compared = record.comparisons.flatMap((one) =>
    one.difference ? [{ ...one, difference: one.difference }] : [],
  );
  if (compared.length === 0) return null;
  const mde = unit === "share" ? formats.points(minimumEffect) : valueText(minimumEffect, record, formats);
  return (
    <Section
      title={t("difference.title", { control })}
      note={verdicts("intervalHelp", {
        variants: compared.length,
        variantsText: formats.integer(compared.length),
        looks,
        looksText: formats.integer(looks),
      })}
    >
      <IntervalPlot
        caption={compared
          .map(({ key, verdict }) => t(`difference.caption.${verdict}`, { variant: key, mde: mde.replace("+", "") }))
          .join(" ")}
        rows={compared.map((one) => ({
          ...one.difference,
          variant: variantOf(one.key),
          name: "",
          estimateText: estimateText(one.difference, record, formats),
          intervalText: intervalText(one.difference, record, formats),
          detail:
            one.value !== null && one.controlValue !== null
              ? t("difference.values", {
                  value: valueText(one.value, record, formats),
                  controlValue: valueText(one.controlValue, record, formats),
                })
              : undefined,
          word: verdictWord(one),
        }))}
        minimumEffect={minimumEffect}
        tick={(value) => tickText(value, record, words)}
        zeroLabel={t("difference.zero", { control })}
        unit={unit === "share" ? t("difference.points") : t("difference.perPerson", { currency: record.currency })}
      />
    </Section>
  );
}

/** As many decimals as the tick needs, three at most. */
function tickText(value: number, { unit, currency }: AnalysisRecord, { formats }: Words): string {
  if (unit === "micros") return formats.money({ micros: Math.round(value), currency });
  const scaled = value * 100;
  const digits = [0, 1, 2].find((d) => Math.abs(scaled * 10 ** d - Math.round(scaled * 10 ** d)) < 1e-6) ?? 3;
  return formats.signedPoints(value, digits);
}
