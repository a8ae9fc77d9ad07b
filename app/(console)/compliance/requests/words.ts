import type { Tone } from "@/app/_ui/tones";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { RequestStatus } from "@/lib/rights/request";

export const urgencyTones = { overdue: "bad", soon: "warn", later: "ok" } as const satisfies Record<string, Tone>;

export const statusTones: Record<RequestStatus, Tone> = {
  opened: "info",
  identity_checked: "info",
  package_ready: "info",
  redacted: "info",
  approved: "info",
  delivered: "ok",
  erasing: "warn",
  closed: "idle",
  refused: "bad",
};

/** The time that is left, as number and word; the colour says it a third time. */
export function leftText(
  { daysLeft, urgency }: { daysLeft: number; urgency: "overdue" | "soon" | "later" },
  { t, formats }: { t: Translator<"rights">; formats: Formats },
): string {
  const days = Math.abs(daysLeft);
  return t(`left.${urgency}`, { days, daysText: formats.integer(days) });
}
