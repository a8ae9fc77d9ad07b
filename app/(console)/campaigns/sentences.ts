import type { CampaignSchedule } from "@/lib/campaigns/schedule";
import type { PrimaryMetric } from "@/lib/experiments/plan";
import { instantOf } from "@/lib/foundation/time";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";

type Say = Translator<"campaigns">;

const DAY_HOURS = 24;

/** `7 días`, `12 horas`: how long an outcome still counts. */
export function windowText(hours: number, t: Say, formats: Formats): string {
  if (hours % DAY_HOURS !== 0) return t("window.hours", { count: hours, countText: formats.integer(hours) });
  const days = hours / DAY_HOURS;
  return t("window.days", { count: days, countText: formats.integer(days) });
}

/** `Conversión en 7 días`: what a campaign is judged by; undefined while nobody has chosen it. */
export function metricText(
  { metric, windowHours }: { metric: PrimaryMetric | null; windowHours: number | null },
  t: Say,
  formats: Formats,
): string | undefined {
  if (!metric) return undefined;
  if (!windowHours) return t(`metric.${metric}`);
  return t("metricIn", { metric: t(`metric.${metric}`), window: windowText(windowHours, t, formats) });
}

/** `10:00` and `jueves, 3 dic`: a time on each person's own clock. Undefined for a campaign that leaves at one moment. */
export function localTime({ timing }: CampaignSchedule, formats: Formats): { time: string; day: string } | undefined {
  if (timing.kind !== "local") return undefined;
  const [year = 0, month = 1, day = 1] = timing.date.split("-").map(Number);
  const noon = instantOf({ year, month, day, hour: 12, minute: 0, second: 0 }, formats.settings.timeZone);
  return { time: formats.timeIn(`${timing.date}T${timing.time}:00Z`, "UTC"), day: formats.weekday(noon) };
}

/** What WhatsApp calls the categories of messages, in the reader's language; another one stays as it came. */
export function categoryText(category: string, t: Say): string {
  if (category === "MARKETING" || category === "UTILITY" || category === "AUTHENTICATION")
    return t(`category.${category}`);
  return category;
}
