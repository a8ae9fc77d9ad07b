import { cookies } from "next/headers";
import { cache } from "react";
import { createFormats, type Formats } from "@/lib/i18n/formats";
import { type Preferences, readPreferences } from "@/lib/i18n/locales";
import type { Namespace } from "@/lib/i18n/messages";
import { type Translator, translator } from "@/lib/i18n/translator";

/** Names of the cookies that hold what a person chose; no personal data in them. */
export const PREFERENCE_COOKIES = { locale: "locale", region: "region", theme: "theme" } as const;

/** Language, regional format and theme of this request, from its cookies. */
export const getPreferences = cache(async (): Promise<Preferences> => {
  const jar = await cookies();
  return readPreferences({
    locale: jar.get(PREFERENCE_COOKIES.locale)?.value,
    region: jar.get(PREFERENCE_COOKIES.region)?.value,
    theme: jar.get(PREFERENCE_COOKIES.theme)?.value,
  });
});

/** The texts of a namespace in the language of this request: `const t = await getTranslator("campaigns")`. */
export async function getTranslator<const N extends Namespace>(namespace: N): Promise<Translator<N>> {
  return translator((await getPreferences()).locale, namespace);
}

/**
 * The figures and dates of this request's region. Pass the organisation's zone (IANA) and reporting currency
 * (ISO 4217) wherever a time or an amount is shown.
 */
export async function getFormats(organisation: { timeZone: string; currency: string }): Promise<Formats> {
  const { locale, region } = await getPreferences();
  return createFormats({ locale, region, ...organisation });
}
