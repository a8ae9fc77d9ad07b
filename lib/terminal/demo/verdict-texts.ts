import type { createFormats } from "@/lib/i18n/formats";
import { translator } from "@/lib/i18n/translator";
import type { AnalysisRecord } from "@/lib/results/analysis";
import { sentences } from "@/lib/results/sentence";

/** What the analysis says, as the results page says it. */
export function verdictTexts(
  record: AnalysisRecord,
  locale: "es" | "en",
  formats: ReturnType<typeof createFormats>,
): string[] {
  const t = translator(locale, "verdicts");
  return sentences(record, formats).map(({ key, params }) => t(key, params));
}
