import { type PhoneNumber, parsePhone } from "@/lib/foundation/phone";
import { lookup, open, seal } from "@/lib/keystore/cipher";
import { canonicalNumber } from "./wa-id";

/** By what a person is found (compliance/design.md 1.1). Nothing may assume that there is a phone number. */
export const identifierKinds = ["phone", "wa_id", "bsuid", "parent_bsuid", "email", "external"] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** An identifier in its canonical form: E.164, digits of a WhatsApp id, lower-case address, or the text itself. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** The one form in which an identifier is hashed; undefined when the text is not one of that kind. */
export function canonicalIdentifier(kind: IdentifierKind, text: string, country?: string): Identifier | undefined {
  if (kind === "phone") {
    const phone = parsePhone(text, country);
    return phone && phoneIdentifier(phone);
  }
  const value = kind === "email" ? text.trim().toLowerCase() : text.trim();
  if (value === "" || (kind === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value))) return undefined;
  return { kind, value };
}

export function phoneIdentifier(phone: PhoneNumber): Identifier {
  return { kind: "phone", value: phone.e164 };
}

/** The keyed hash under which the identifier is found and suppressed: one for all spellings of a number. */
export function lookupOf(lookupKey: Buffer, { kind, value }: Identifier): Buffer {
  return lookup(lookupKey, kind, kind === "phone" ? canonicalNumber(value) : value);
}

/** `contact_identifiers.sealed`: under the contact's key, bound to contact and kind. */
export function sealIdentifier(key: Buffer, contactId: string, { kind, value }: Identifier): Buffer {
  return seal(key, value, place(contactId, kind));
}

/** What `sealIdentifier` closed. Throws when key, contact or kind is another one. */
export function openIdentifier(key: Buffer, contactId: string, row: { kind: string; sealed: Buffer }): string {
  return open(key, row.sealed, place(contactId, row.kind)).toString("utf8");
}

function place(contactId: string, kind: string): string {
  return `contact_identifiers|sealed|${contactId}|${kind}`;
}
