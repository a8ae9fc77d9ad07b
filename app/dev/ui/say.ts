import type { Formats } from "@/lib/i18n/formats";
import type { Locale } from "@/lib/i18n/locales";

/** Sample texts are not the product's: they live beside their story in both languages. */
export type Say = (es: string, en: string) => string;

export interface Story {
  formats: Formats;
  say: Say;
}

export function sayer(locale: Locale): Say {
  return (es, en) => (locale === "es" ? es : en);
}
