import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { type CountryRule, DEFAULT_COUNTRY, type PolicyRules } from "@/lib/policies/policy";
import { shippedRules } from "@/lib/policies/shipped-rules";

type Days = CountryRule["days"];
type Rules = PolicyRules["rules"];

const shippedCountries = ["BR", "CO", "ES", "FR", "IN", "US", DEFAULT_COUNTRY] as const;
const weekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;

/** `9:00–14:00, 17:00–21:00`, as a form takes it and a table shows it. */
export function windowsText(days: Days, day: (typeof weekdays)[number]): string {
  return (days[day] ?? []).map(([opens, closes]) => `${opens}-${closes}`).join(", ");
}

/** Hours of a week, days with the same hours together: `lun–vie 09:00–21:00`, `sáb 10:00–16:00`. */
export function weekLines(days: Days, { t }: { t: Translator<"policies"> }): string[] {
  const runs: { from: string; to: string; hours: string }[] = [];
  for (const day of weekdays) {
    const hours = windowsText(days, day).replaceAll("-", "–");
    const last = runs.at(-1);
    if (last?.hours === hours) last.to = day;
    else runs.push({ from: day, to: day, hours });
  }
  const name = (day: string) => t(`days.${day as (typeof weekdays)[number]}`); // made of the list above
  const open = runs.filter(({ hours }) => hours !== "");
  if (open.length === 0) return [t("closed")];
  return open.map(({ from, to, hours }) => `${from === to ? name(from) : `${name(from)}–${name(to)}`} ${hours}`);
}

interface Words {
  t: Translator<"policies">;
  formats: Formats;
}

/** How often somebody may be written to. */
export function capsText({ perDay, perWeek }: CountryRule, { t, formats }: Words): string {
  return t("caps", { perDay: formats.integer(perDay), perWeek: formats.integer(perWeek) });
}

/** What is not sent at all. */
export function blockedText({ blockedCategories }: CountryRule, { t, formats }: Words): string {
  if (!blockedCategories?.length) return t("nothing");
  return formats.list(blockedCategories.map((one) => t(`categories.${one}`)));
}

/** Law or reason: ours in the reader's language, others as they were written; what is unverified says so. */
export function basisText(basis: string, { t }: { t: Translator<"policies"> }): string {
  const shipped = shippedCountries.find((country) => shippedRules.rules[country]?.basis === basis);
  if (shipped) return t(`shippedBasis.${shipped}`);
  const said = basis.replace(/[,;]?\s*UNVERIFIED\.?$/, "");
  return said === basis ? basis : `${said} · ${t("unverified")}`;
}

const parts = ["hours", "holidays", "caps", "blocked", "consentAge", "basis"] as const;

function partText(rule: CountryRule | undefined, part: (typeof parts)[number], words: Words): string {
  const { t, formats } = words;
  if (!rule) return "–";
  if (part === "hours") return weekLines(rule.days, words).join(" · ");
  if (part === "holidays") return t(rule.holidays ? "closedOnHolidays" : "openOnHolidays");
  if (part === "caps") return capsText(rule, words);
  if (part === "blocked") return blockedText(rule, words);
  if (part === "consentAge") return rule.consentAge === undefined ? "–" : formats.integer(rule.consentAge);
  return basisText(rule.basis, words);
}

export interface ChangedPart {
  country: string;
  part: (typeof parts)[number];
  before: string;
  after: string;
}

/** Country by country, what would be different from the rules in force. */
export function changedParts(before: Rules | undefined, after: Rules, words: Words): ChangedPart[] {
  const countries = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])];
  return countries.flatMap((country) =>
    parts
      .map((part) => ({
        country,
        part,
        before: partText(before?.[country], part, words),
        after: partText(after[country], part, words),
      }))
      .filter((row) => row.before !== row.after),
  );
}

/** A country's name; the default rule has words of its own. */
export function countryText(country: string | null, { t, formats }: Words): string {
  if (country === null) return t("unknownCountry");
  return country === DEFAULT_COUNTRY ? t("defaultCountry") : formats.country(country);
}
