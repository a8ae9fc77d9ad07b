/** IANA zones of a country, as the runtime's region data has them; UTC where it has none. */
export function countryZones(country: string): string[] {
  // Intl Locale Info: an accessor in some runtimes, a function in others; the language's own types know neither yet.
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & {
    timeZones?: string[];
    getTimeZones?: () => string[];
  };
  return locale.getTimeZones?.() ?? locale.timeZones ?? ["UTC"];
}
