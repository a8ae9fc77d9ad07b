import * as z from "zod";
import { readHours } from "./hours-text";
import { type CountryRule, categories, countryRule, DEFAULT_COUNTRY, type PolicyRules } from "./policy";

const windowsText = z
  .string()
  .max(200)
  .transform((text, check) => {
    const windows = readHours(text);
    if (windows) return windows;
    check.addIssue({ code: "custom", message: "closes_before_it_opens" });
    return z.NEVER;
  });

const whole = (most: number) => z.coerce.number().int().min(0).max(most);

/** The rule of one country as a form sends it. */
const form = z.object({
  country: z.string().regex(/^([A-Z]{2}|DEFAULT)$/),
  day1: windowsText,
  day2: windowsText,
  day3: windowsText,
  day4: windowsText,
  day5: windowsText,
  day6: windowsText,
  day7: windowsText,
  holidays: z.union([z.literal("on"), z.literal("")]).optional(),
  perDay: whole(100),
  perWeek: whole(500),
  blocked: z.array(z.enum(categories)).default([]),
  consentAge: z.union([z.literal("").transform(() => undefined), whole(120)]).optional(),
  basis: z.string().trim().min(3).max(1_000),
  note: z.string().trim().min(3).max(2_000),
});

/** The rule whole, or what is wrong with it beside its field. */
function toChange(typed: z.output<typeof form>, check: z.RefinementCtx) {
  const days = Object.fromEntries(
    ([1, 2, 3, 4, 5, 6, 7] as const).flatMap((day) =>
      typed[`day${day}`].length > 0 ? [[String(day), typed[`day${day}`]]] : [],
    ),
  );
  const rule = countryRule.safeParse({
    days,
    holidays: typed.holidays === "on",
    perDay: typed.perDay,
    perWeek: typed.perWeek,
    ...(typed.blocked.length > 0 && { blockedCategories: typed.blocked }),
    ...(typed.consentAge !== undefined && { consentAge: typed.consentAge }),
    basis: typed.basis,
  });
  if (rule.success) return { country: typed.country, rule: rule.data, note: typed.note };
  for (const issue of rule.error.issues) {
    const [part, day] = issue.path;
    check.addIssue({
      code: "custom",
      path: part === "days" ? [`day${String(day)}`] : [String(part)],
      message: issue.message,
    });
  }
  return z.NEVER;
}

export const CountryChange = form.transform(toChange);

/** To see who would be affected, before the reason is written. */
export const CountryPreview = form.extend({ note: z.string().trim().max(2_000) }).transform(toChange);

/** The rules with one country's changed; its zones and holidays as given, where the rules have none yet. */
export function changeCountry(
  rules: PolicyRules,
  { country, rule }: { country: string; rule: CountryRule },
  known: { zones: readonly string[]; holidays: readonly string[] },
): PolicyRules {
  const isDefault = country === DEFAULT_COUNTRY;
  return {
    rules: { ...rules.rules, [country]: rule },
    zones: isDefault || rules.zones[country] ? rules.zones : { ...rules.zones, [country]: [...known.zones] },
    holidays:
      isDefault || !rule.holidays || rules.holidays[country]
        ? rules.holidays
        : { ...rules.holidays, [country]: [...known.holidays] },
  };
}
