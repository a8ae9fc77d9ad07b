import { type AttributeType, attributeKey } from "@/lib/audience/contact";
import { readConsentCell } from "./consent-cell";
import { consentOfHeader, headerWords, phoneRank, targetOfHeader } from "./header-rules";
import type { ColumnMapping, ImportMapping } from "./mapping";
import { readPhoneCell } from "./phone-cell";
import { hasDecimalComma, isDayFirst, readBoolean, readDate, readNumber } from "./value-cell";

export interface FileSample {
  fileName: string;
  header: readonly string[];
  /** The first records, in full. */
  rows: readonly (readonly string[])[];
  country: string;
  timeZone: string;
}

/** Names, e-mail addresses and telephone numbers are never attributes: those stay readable after an erasure is refused. */
const DIRECT_IDENTIFIER_SHARE = 0.5;
const MOSTLY = 0.8;

/** What the columns probably are, from their headers and their first values; a person may correct every one. */
export function guessMapping(sample: FileSample): ImportMapping {
  const columns = sample.header.map((header, index) => {
    const values = sample.rows.map((row) => (row[index] ?? "").trim()).filter((value) => value !== "");
    return guessColumn(header, values, sample.country);
  });
  const { country, timeZone } = sample;
  return { columns: settle(columns), country, timeZone, everybody: meaningOfName(sample.fileName), declared: {} };
}

function guessColumn(header: string, values: readonly string[], country: string): ColumnMapping {
  const words = headerWords(header);
  const base = { header, rank: 0, dayFirst: isDayFirst(values), decimalComma: hasDecimalComma(values) };
  const consent = consentOfHeader(words);
  if (consent && share(values, (value) => readConsentCell(value) !== undefined) >= MOSTLY) {
    // An e-mail or SMS opt-out says nothing about WhatsApp, in either direction.
    if (consent.channel === "other" && consent.reading === "left")
      return { ...base, target: "ignore", confidence: 0.9 };
    return { ...base, target: "consent", consent, confidence: values.length > 0 ? 0.95 : 0.6 };
  }
  const target = targetOfHeader(words);
  const isPhone = share(values, (value) => readPhoneCell(value, country) !== undefined);
  switch (target) {
    case undefined:
      break;
    case "phone":
      if (values.length > 0 && isPhone === 0 && !values.some((value) => /\d{4}/.test(value))) break;
      return { ...base, target, rank: phoneRank(words), confidence: 0.6 + 0.4 * isPhone };
    case "calling_code":
      if (share(values, (value) => /^\+?\d{1,4}$/.test(value)) < MOSTLY)
        return { ...base, target: "country", confidence: 0.9 };
      return { ...base, target, confidence: 0.95 };
    case "email":
      if (share(values, isEmail) < DIRECT_IDENTIFIER_SHARE) return { ...base, target: "ignore", confidence: 0.6 };
      return { ...base, target, confidence: 0.98 };
    default:
      return { ...base, target, confidence: 0.9 };
  }
  if (isPhone >= MOSTLY && values.length > 0) return { ...base, target: "phone", rank: 5, confidence: 0.5 };
  if (share(values, isEmail) >= MOSTLY && values.length > 0) return { ...base, target: "email", confidence: 0.7 };
  if (values.length === 0 || identifiesPeople(header, values, country))
    return { ...base, target: "ignore", confidence: 0.6 };
  return {
    ...base,
    target: "attribute",
    attribute: { key: attributeKey(header), type: typeOf(values, base) },
    confidence: 0.5,
  };
}

/** What only the whole header tells: "Nombre" is the full name unless surnames have a column; one consent column suffices. */
function settle(columns: ColumnMapping[]): ColumnMapping[] {
  const has = (target: string) => columns.some((column) => column.target === target);
  const hasSurname = has("last_name");
  const isMailList = columns.some((column) => column.header.toUpperCase() === "LEID");
  const hasEvidence = has("wording_version") || has("evidence_hash") || has("consent_at");
  const keys = new Set<string>();
  let isExternalIdTaken = false;
  return columns.map((column) => {
    const words = headerWords(column.header);
    if (column.target === "full_name" && hasSurname) return { ...column, target: "first_name" };
    // Mailchimp's OPTIN_TIME and CONFIRM_TIME are acts about e-mail.
    if (column.target === "consent_at" && isMailList) return { ...column, target: "ignore" };
    if (hasEvidence && !has("source_system") && /^(origen|source|fuente|sistema|canal de origen)$/.test(words)) {
      return { ...column, target: "source_system", attribute: undefined, confidence: 0.7 };
    }
    if (column.target === "external_id") {
      if (isExternalIdTaken) return { ...column, target: "ignore" };
      isExternalIdTaken = true;
    }
    if (!column.attribute) return column;
    if (keys.has(column.attribute.key)) return { ...column, target: "ignore", attribute: undefined };
    keys.add(column.attribute.key);
    return column;
  });
}

/** Mailchimp writes one file per list: who left, and whose address bounced, is said by the file's name alone. */
function meaningOfName(fileName: string): ImportMapping["everybody"] {
  const name = fileName.toLowerCase();
  if (/^(unsubscribed|cleaned)_|^(bajas|opt[-_ ]?outs?|robinson)\b/.test(name)) return "left";
  return /^subscribed_/.test(name) ? "other_channel" : null;
}

function typeOf(values: readonly string[], forms: { dayFirst: boolean; decimalComma: boolean }): AttributeType {
  const all = (read: (value: string) => unknown) => values.every((value) => read(value) !== undefined);
  // A leading zero is part of a code, and a number would lose it.
  if (!values.some((value) => /^0\d/.test(value)) && all((value) => readNumber(value, forms.decimalComma)))
    return "number";
  if (all(readBoolean)) return "boolean";
  return all((value) => readDate(value, forms.dayFirst)) ? "date" : "text";
}

/** True when a column would put telephone numbers, addresses or names of people among the queryable attributes. */
export function identifiesPeople(header: string, values: readonly string[], country: string): boolean {
  if (
    /\b(name|nombre|apellidos?|phone|telefono|movil|email|correo|dni|nif|passport|pasaporte)\b/.test(
      headerWords(header),
    )
  )
    return true;
  if (values.length === 0) return false;
  const isOne = (value: string) => isEmail(value) || looksLikePhone(value, country);
  if (share(values, isOne) >= DIRECT_IDENTIFIER_SHARE) return true;
  const distinct = new Set(values).size / values.length;
  return share(values, isPersonName) >= MOSTLY && distinct > 0.6 && values.length >= 3;
}

function looksLikePhone(value: string, country: string): boolean {
  return value.replace(/\D/g, "").length >= 9 && readPhoneCell(value, country) !== undefined;
}

function isEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value);
}

function isPersonName(value: string): boolean {
  return /^\p{Lu}[\p{L}'’-]+( (de|del|la|las|los|i|y|da|dos|van|von|\p{Lu}[\p{L}'’-]*\.?)){1,4}$/u.test(value);
}

function share(values: readonly string[], test: (value: string) => boolean): number {
  return values.length === 0 ? 1 : values.filter(test).length / values.length;
}
