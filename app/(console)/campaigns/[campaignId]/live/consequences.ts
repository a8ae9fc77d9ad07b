import type { Translator } from "@/lib/i18n/translator";

const outcomes = ["failed", "rejected", "skipped", "cancelled", "missed_deadline", "unknown", "unknown_final"] as const;

/** What happens to these people now. */
export function consequenceText(state: string, t: Translator<"live">): string {
  const known = outcomes.find((one) => one === state);
  return known ? t(`now.${known}`) : state;
}
