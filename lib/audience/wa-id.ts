import { parsePhone } from "@/lib/foundation/phone";

/**
 * The ways in which WhatsApp and a phone book may write one number (cloud-api 12.1), as digits, the given one first: Brazil
 * with and without the ninth digit, Mexico 52 and 521, Argentina 54 and 549. Empty for what is no number, such as a BSUID.
 */
export function waIdVariants(waIdOrE164: string): string[] {
  const digits = waIdOrE164.replace(/^\+/, "");
  if (!/^\d{6,15}$/.test(digits)) return [];
  const other = otherSpelling(digits);
  return other === undefined ? [digits] : [digits, other];
}

function otherSpelling(digits: string): string | undefined {
  if (!digits.startsWith("5")) return undefined; // none of those three countries
  for (const [pattern, replacement] of SPELLINGS) if (pattern.test(digits)) return digits.replace(pattern, replacement);
  return undefined;
}

/** Brazil's mobile numbers began with 6 to 9 before the ninth digit came: what begins otherwise is a line of its own. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^55(\d\d)9([6-9]\d{7})$/, "55$1$2"],
  [/^55(\d\d)([6-9]\d{7})$/, "55$19$2"],
  [/^521(\d{10})$/, "52$1"],
  [/^52(\d{10})$/, "521$1"],
  [/^549(\d{10})$/, "54$1"],
  [/^54(\d{10})$/, "549$1"],
];

/**
 * One spelling for all of a number, so that its hash finds the person and their refusals however somebody wrote it: Brazil with
 * the ninth digit, Mexico and Argentina without the digit that WhatsApp puts in.
 */
export function canonicalNumber(e164: string): string {
  const [own, other] = waIdVariants(e164);
  if (own === undefined || other === undefined) return e164;
  const isShorter = own.length < other.length;
  return `+${isShorter === own.startsWith("55") ? other : own}`;
}

/** The number to dial for a WhatsApp id: the spelling that its country's plan knows. */
export function dialledNumber(waId: string): { e164: string; country: string | undefined } | undefined {
  for (const digits of waIdVariants(waId)) {
    const phone = parsePhone(`+${digits}`);
    if (phone) return phone;
  }
  return undefined;
}

/** The country that a BSUID or parent BSUID (`ES.1349…`, `US.ENT.…`) begins with (cloud-api 12.2). */
export function countryOfUserId(userId: string): string | undefined {
  return /^([A-Z]{2})\./.exec(userId)?.[1];
}
