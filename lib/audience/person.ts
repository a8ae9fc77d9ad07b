import { type Identifier, lookupOf } from "./identifier";
import { dialledNumber, waIdVariants } from "./wa-id";

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
  /** Contacts who have the number in its country's other spelling: very likely the same person. */
  alike: string[];
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
  /** The WhatsApp id itself, and the phone number of the same digits. */
  number: Sign[];
  /** The same number in its country's other spelling. */
  spelling: Sign[];
  userId: Sign[];
  parentUserId: Sign[];
}

export function signsOf(lookupKey: Buffer, { waId, userId, parentUserId }: PersonSeen): Signs {
  const sign = (kind: Identifier["kind"], value: string): Sign => {
    const identifier = { kind, value };
    const lookup = lookupOf(lookupKey, identifier);
    return { identifier, lookup, hex: lookup.toString("hex") };
  };
  const [own, ...spellings] = waId === undefined ? [] : waIdVariants(waId);
  const numberSigns = (digits: string) => [sign("wa_id", digits), sign("phone", `+${digits}`)];
  return {
    number: own === undefined ? [] : numberSigns(own),
    spelling: spellings.flatMap(numberSigns),
    userId: userId ? [sign("bsuid", userId)] : [],
    parentUserId: parentUserId ? [sign("parent_bsuid", parentUserId)] : [],
  };
}

export function allSigns({ number, spelling, userId, parentUserId }: Signs): Sign[] {
  return [...number, ...spelling, ...userId, ...parentUserId];
}

/** What to keep of a number that nobody has yet: the number to dial where it is one, and the WhatsApp id where that differs. */
export function numberToKeep({ number, spelling }: Signs, hasPhone: boolean): Sign[] {
  const [waId] = number;
  if (!waId) return [];
  const dialled = hasPhone ? undefined : dialledNumber(waId.identifier.value)?.e164;
  const phone = [...number, ...spelling].find(
    ({ identifier }) => identifier.kind === "phone" && identifier.value === dialled,
  );
  if (!phone) return [waId];
  return phone.identifier.value === `+${waId.identifier.value}` ? [phone] : [phone, waId];
}
