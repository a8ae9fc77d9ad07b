import { cookies, headers } from "next/headers";
import { cache } from "react";
import { createFormats, type Formats } from "@/lib/i18n/formats";
import { type Preferences, readPreferences } from "@/lib/i18n/locales";
import type { Namespace } from "@/lib/i18n/messages";
import { type Translator, translator } from "@/lib/i18n/translator";
import { PATH_HEADER } from "./return-path";
import { visitorLanguage } from "./visitor-language";

/** Names of the cookies that hold what a person chose; no personal data in them. */
export const PREFERENCE_COOKIES = { locale: "locale", region: "region", theme: "theme" } as const;

/**
 * Language, regional format and theme of this request, from its cookies. Pages for everybody speak the language of their
 * address (`?lang=en`), else the browser's.
 */
export const getPreferences = cache(async (): Promise<Preferences> => {
  const [jar, sent] = await Promise.all([cookies(), headers()]);
  const visitor = visitorLanguage(sent.get(PATH_HEADER), sent.get("accept-language"));
  return readPreferences({
    locale: visitor ?? jar.get(PREFERENCE_COOKIES.locale)?.value,
    region: visitor ? undefined : jar.get(PREFERENCE_COOKIES.region)?.value,
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
