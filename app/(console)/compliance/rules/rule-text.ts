import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { type CountryRule, DEFAULT_COUNTRY } from "@/lib/policies/policy";

type Days = CountryRule["days"];

const weekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;

/** `9:00–14:00, 17:00–21:00`, as a form takes it and a table shows it. */
export function windowsText(days: Days, day: (typeof weekdays)[number]): string {
  return (days[day] ?? []).map(([opens, closes]) => `${opens}-${closes}`).join(", ");
}

/** Hours of a week, days with the same hours together: `lun–vie 09:00–21:00 · sáb 10:00–16:00`. */
export function weekText(days: Days, { t }: { t: Translator<"policies"> }): string {
  const runs: { from: string; to: string; hours: string }[] = [];
  for (const day of weekdays) {
    const hours = windowsText(days, day).replaceAll("-", "–");
    const last = runs.at(-1);
    if (last?.hours === hours) last.to = day;
    else runs.push({ from: day, to: day, hours });
  }
  const name = (day: string) => t(`days.${day as (typeof weekdays)[number]}`); // made of the list above
  const open = runs.filter(({ hours }) => hours !== "");
  if (open.length === 0) return t("closed");
  return open
    .map(({ from, to, hours }) => `${from === to ? name(from) : `${name(from)}–${name(to)}`} ${hours}`)
    .join(" · ");
}

/** A country's name; the default rule has words of its own. */
export function countryText(
  country: string | null,
  { t, formats }: { t: Translator<"policies">; formats: Formats },
): string {
  if (country === null) return t("unknownCountry");
  return country === DEFAULT_COUNTRY ? t("defaultCountry") : formats.country(country);
}
