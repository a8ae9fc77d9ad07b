import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** A phone number read at the edge. `e164` is `+` and digits; `country` is missing for shared calling codes. */
export interface PhoneNumber {
  readonly e164: string;
  readonly country: string | undefined;
}

/** Longest text looked at: an E.164 number has 15 digits, the rest is room for separators and prefixes. */
const MAX_TEXT = 40;

/**
 * Reads a phone number as exports write it: spaces, dots, `0034`, `34…` without plus, `tel:`, `whatsapp:`, Excel's
 * leading apostrophe. Undefined when the number does not exist in its country's plan or cannot be trusted
 * (`3.46E+10` has lost its last digits; two numbers in one field).
 *
 * @param defaultCountry ISO 3166-1 alpha-2 country for numbers written nationally
 */
export function parsePhone(text: string, defaultCountry?: string): PhoneNumber | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const cleaned = text
    .normalize("NFKC")
    .trim()
    .replace(/^'/, "")
    .replace(/^(?:tel|whatsapp|p):/i, "")
    .trim();
  if (!/^[+\d(]/.test(cleaned) || /[a-z]/i.test(cleaned)) return undefined;
  const international = cleaned.startsWith("00") ? `+${cleaned.slice(2)}` : cleaned;
  const parsed = parsePhoneNumberFromString(international, {
    ...(defaultCountry && isCountry(defaultCountry) ? { defaultCountry } : {}),
    extract: false,
  });
  if (!parsed?.isValid() || parsed.ext) return undefined;
  return { e164: parsed.number, country: parsed.country };
}

/** True for an ISO 3166-1 alpha-2 code that has a numbering plan. */
export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** What may be shown without the right to unmask: calling code and last three digits, `+34 ••• ••• 412`. */
export function maskPhone(e164: string): string {
  const callingCode = parsePhoneNumberFromString(e164)?.countryCallingCode ?? "";
  return `+${callingCode} ••• ••• ${e164.slice(-3)}`.replace("+ ", "");
}
