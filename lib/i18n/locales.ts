/** Languages the product speaks; the first is the default. */
export const LOCALES = ["es", "en"] as const;
export type Locale = (typeof LOCALES)[number];

/** Regional formats: how numbers, money and dates are written. Independent of the language. */
export const REGIONS = ["es-ES", "es-MX", "es-CO", "es-AR", "en-US", "en-GB"] as const;
export type Region = (typeof REGIONS)[number];

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** What a person chose about how the console looks and speaks. */
export interface Preferences {
  locale: Locale;
  region: Region;
  theme: Theme;
}

export const DEFAULT_PREFERENCES: Preferences = { locale: "es", region: "es-ES", theme: "system" };

/** Reads stored or typed choices; whatever is unknown falls back to the default of the chosen language. */
export function readPreferences(stored: { locale?: string; region?: string; theme?: string }): Preferences {
  const locale = LOCALES.find((known) => known === stored.locale) ?? DEFAULT_PREFERENCES.locale;
  const region = REGIONS.find((known) => known === stored.region) ?? (locale === "en" ? "en-GB" : "es-ES");
  return { locale, region, theme: THEMES.find((known) => known === stored.theme) ?? DEFAULT_PREFERENCES.theme };
}
