import type { Locale } from "./locales";

/**
 * What no page, export or e-mail may say, because it promises more than the data hold. "Significant" is a term of the
 * method and allowed where the method is explained: under a key whose path contains `method`.
 */
export const BANNED_PHRASES: Record<Locale, readonly { pattern: RegExp; unlessMethod?: true }[]> = {
  es: [
    { pattern: /\b(ganador|ganadora|ganadores|ganadoras)\b/i },
    { pattern: /\b[A-H]\s+gana\b/ },
    { pattern: /\bsignificativ[oa]s?\b/i, unlessMethod: true },
    { pattern: /\bp\s*[<>]\s*0[,.]\d/i, unlessMethod: true },
    { pattern: /95\s*%\s+(de\s+)?(probabilidad|segur[oa]|confianza)\s+de\s+que/i },
    { pattern: /\bno hay efecto\b/i },
    { pattern: /\btendencia hacia\b/i },
  ],
  en: [
    { pattern: /\bwinn(er|ers|ing)\b/i },
    { pattern: /\b[A-H]\s+wins\b/ },
    { pattern: /\bsignificant(ly)?\b/i, unlessMethod: true },
    { pattern: /\bp\s*[<>]\s*0[,.]\d/i, unlessMethod: true },
    { pattern: /95\s*%\s+(likely|sure|certain|confident|probability|chance|confidence)\s+that/i },
    { pattern: /\bthere is no effect\b/i },
    { pattern: /\btrend(ing|s)? towards?\b/i },
  ],
};

/** The first banned phrase of a text, or undefined. `path` is the key, by which the places of the method are known. */
export function bannedPhrase(locale: Locale, path: string, text: string): string | undefined {
  const isMethod = path.toLowerCase().includes("method");
  for (const { pattern, unlessMethod } of BANNED_PHRASES[locale]) {
    const found = pattern.exec(text);
    if (found && !(unlessMethod && isMethod)) return found[0];
  }
  return undefined;
}
