import { LOCALES, type Locale } from "@/lib/i18n/locales";

const PUBLIC_PATHS = /^\/(forms|preferences|requests)\//;

/**
 * The language of a page for everybody: what its address says (`?lang=en`, which a switch without JavaScript can change),
 * else what the browser prefers, else ours. Undefined for pages of the console, where people have chosen one.
 *
 * @param path path and query that was asked for
 */
export function visitorLanguage(path: string | null, acceptLanguage: string | null): Locale | undefined {
  if (!path || !PUBLIC_PATHS.test(path)) return undefined;
  const asked = new URLSearchParams(path.split("?")[1]).get("lang");
  return localeNamed(asked) ?? preferred(acceptLanguage) ?? LOCALES[0];
}

/** One of ours, named by a tag such as `es` or `en-GB`. */
export function localeNamed(tag: string | null | undefined): Locale | undefined {
  const primary = tag?.trim().toLowerCase().split("-")[0];
  return LOCALES.find((locale) => locale === primary);
}

/** The first language of ours by weight, then by order (RFC 9110 12.5.4). */
function preferred(acceptLanguage: string | null): Locale | undefined {
  const ranges = (acceptLanguage ?? "").slice(0, 500).split(",");
  return ranges
    .map((range) => {
      const [tag, ...params] = range.split(";");
      const weight = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find(Boolean);
      return { locale: localeNamed(tag), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ locale, weight }) => locale !== undefined && weight > 0)
    .toSorted((one, other) => other.weight - one.weight)[0]?.locale;
}
