import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { Need } from "./needs";

const told = ["mine", "others", "running", "measuring"] as const satisfies readonly Need[];

/** The list in a sentence: what waits, what runs, what is being measured. */
export function listAnswer(found: readonly Need[], t: Translator<"campaigns">, formats: Formats): string {
  const parts = told.flatMap((need) => {
    const count = found.filter((one) => one === need).length;
    return count === 0 ? [] : [t(`answer.${need}`, { count, countText: formats.integer(count) })];
  });
  return parts.length === 0 ? t("answer.quiet") : t("answer.sentence", { parts: formats.list(parts) });
}
