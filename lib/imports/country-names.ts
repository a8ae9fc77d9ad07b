import { isCountry } from "@/lib/foundation/phone";
import { plainWords } from "./value-cell";

const names = new Map<string, string>();

/** The country of a name in Spanish or English: `España`, `Spain`, `Estados Unidos`. */
export function countryNamed(text: string): string | undefined {
  if (text === "") return undefined;
  if (names.size === 0) fill();
  return names.get(plainWords(text));
}

function fill(): void {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  for (const language of ["es", "en"]) {
    const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    for (const code of letters.flatMap((one) => letters.map((other) => one + other)).filter(isCountry)) {
      const name = display.of(code);
      if (name) names.set(plainWords(name), code);
    }
  }
  for (const [name, code] of [
    ["usa", "US"],
    ["eeuu", "US"],
    ["uk", "GB"],
    ["mexico", "MX"],
  ] as const)
    names.set(name, code);
}

const LANGUAGES: Readonly<Record<string, string>> = {
  espanol: "es",
  castellano: "es",
  spanish: "es",
  ingles: "en",
  english: "en",
  portugues: "pt",
  portuguese: "pt",
  catalan: "ca",
  frances: "fr",
  french: "fr",
};

/** A BCP 47 tag from `es`, `es_ES`, `Español`; undefined when it is none. */
export function languageNamed(text: string): string | undefined {
  if (text === "") return undefined;
  const named = LANGUAGES[plainWords(text)];
  if (named) return named;
  try {
    const [tag] = /^[a-z]{2,3}([-_][a-z0-9]+)*$/i.test(text) ? Intl.getCanonicalLocales(text.replaceAll("_", "-")) : [];
    return tag;
  } catch {
    return undefined;
  }
}
