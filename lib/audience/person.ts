import { parsePhone } from "@/lib/foundation/phone";
import { type Identifier, type IdentifierKind, lookupOf } from "./identifier";
import { canonicalNumber, dialledNumber, waIdVariants } from "./wa-id";

/** What one payload tells about who somebody is; any part may be missing (cloud-api 12.2). */
export interface PersonSeen {
  /** WhatsApp id: digits. */
  waId?: string | undefined;
  /** Business-scoped user id (BSUID). */
  userId?: string | undefined;
  parentUserId?: string | undefined;
}

/** Who somebody is, in the light of what was seen. */
export interface ResolvedPerson {
  contactId: string;
  /** Other contacts that the same payload names: they are the same person. */
  others: string[];
  /** The payload contradicts what we held: another user id for the number, or another number for the user id. */
  contradicts: boolean;
  /** Identifiers were added: the blocks on them are to be met. */
  hasNewIdentifier: boolean;
}

/** An identifier and the keyed hash under which its owner is found. */
export interface Sign {
  identifier: Identifier;
  lookup: Buffer;
  /** Of the lookup. */
  hex: string;
}

/** By what a person may be known, the surest first. */
export interface Signs {
  /** The WhatsApp id itself, and the phone number of those digits in any spelling (`canonicalNumber`). */
  number: { waId: Sign; phone: Sign; isCanonical: boolean; isDiallable: boolean } | undefined;
  userId: Sign | undefined;
  parentUserId: Sign | undefined;
}

export function signsOf(lookupKey: Buffer, { waId, userId, parentUserId }: PersonSeen): Signs {
  const [digits] = waId === undefined ? [] : waIdVariants(waId);
  return {
    number: digits === undefined ? undefined : numberSigns(lookupKey, digits),
    userId: userId ? signOf(lookupKey, { kind: "bsuid", value: userId }) : undefined,
    parentUserId: parentUserId ? signOf(lookupKey, { kind: "parent_bsuid", value: parentUserId }) : undefined,
  };
}

/** Reading a number takes longer than all else here, and a webhook is looked at in several ways: the last ones are remembered. */
const REMEMBERED = 20_000;
const remembered = new WeakMap<Buffer, Map<string, NonNullable<Signs["number"]>>>();

function numberSigns(lookupKey: Buffer, digits: string): NonNullable<Signs["number"]> {
  const known = remembered.get(lookupKey) ?? new Map<string, NonNullable<Signs["number"]>>();
  remembered.set(lookupKey, known);
  const found = known.get(digits);
  if (found) return found;
  const dialled = dialledNumber(digits)?.e164 ?? `+${digits}`;
  const signs = {
    waId: signOf(lookupKey, { kind: "wa_id", value: digits }),
    phone: signOf(lookupKey, { kind: "phone", value: dialled }),
    isCanonical: canonicalNumber(`+${digits}`) === `+${digits}`,
    isDiallable: parsePhone(dialled) !== undefined,
  };
  if (known.size >= REMEMBERED) known.clear();
  known.set(digits, signs);
  return signs;
}

function signOf(lookupKey: Buffer, identifier: Identifier): Sign {
  const lookup = lookupOf(lookupKey, identifier);
  return { identifier, lookup, hex: lookup.toString("hex") };
}

/** Lookups that a contact has who is known by all that was seen. */
export interface HeldLookups {
  number?: Buffer | undefined;
  userId?: Buffer | undefined;
  parentUserId?: Buffer | undefined;
}

/**
 * What to compare when it is known who somebody should be: one lookup for each part, without reading numbers, which takes longer
 * than all else. Who has these has nothing new told about them; who has not may still be known by another spelling of the number.
 */
export function heldLookups(lookupKey: Buffer, { waId, userId, parentUserId }: PersonSeen): HeldLookups {
  const [digits] = waId === undefined ? [] : waIdVariants(waId);
  const lookupFor = (kind: IdentifierKind, value: string | undefined) =>
    value ? lookupOf(lookupKey, { kind, value }) : undefined;
  const isCanonical = digits !== undefined && canonicalNumber(`+${digits}`) === `+${digits}`;
  return {
    number: isCanonical ? lookupFor("phone", `+${digits}`) : lookupFor("wa_id", digits),
    userId: lookupFor("bsuid", userId),
    parentUserId: lookupFor("parent_bsuid", parentUserId),
  };
}

/** In the order in which they decide (cloud-api 12.1, 12.2). */
export function allSigns({ number, userId, parentUserId }: Signs): Sign[] {
  return [number?.waId, number?.phone, userId, parentUserId].filter((sign) => sign !== undefined);
}

/**
 * What of these nobody has yet, one sign for the number: a WhatsApp id that is written like the phone number goes without
 * saying.
 */
export function unownedSigns({ number, userId, parentUserId }: Signs, isOwned: (sign: Sign) => boolean): Sign[] {
  const isNumberKnown = number && (isOwned(number.waId) || (number.isCanonical && isOwned(number.phone)));
  const ids = [userId, parentUserId].filter((sign) => sign !== undefined && !isOwned(sign));
  return [isNumberKnown ? undefined : number?.waId, ...ids].filter((sign) => sign !== undefined);
}

/** What to keep of a number: as the number to dial where the contact has none, and as WhatsApp writes it where that differs. */
export function numberToKeep({ number }: Signs, hasPhone: boolean): Sign[] {
  if (!number) return [];
  const { waId, phone } = number;
  if (hasPhone || !number.isDiallable) return [waId];
  return phone.identifier.value === `+${waId.identifier.value}` ? [phone] : [phone, waId];
}
