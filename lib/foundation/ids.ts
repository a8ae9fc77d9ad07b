import { randomBytes } from "node:crypto";

/** Lanes partition everything that grows with contacts, messages or events; workers claim one lane at a time. */
export const LANES = 64;

/** What people and URLs see in front of an id, by thing. */
export type IdPrefix =
  | "adt"
  | "att"
  | "brc"
  | "brd"
  | "cmp"
  | "con"
  | "cnv"
  | "ent"
  | "evt"
  | "frm"
  | "imp"
  | "key"
  | "kwd"
  | "med"
  | "msg"
  | "num"
  | "pur"
  | "rgt"
  | "seg"
  | "ses"
  | "tdr"
  | "tpl"
  | "usr"
  | "var"
  | "wrd";

/** A prefixed id; the type of one thing's id does not fit another's. */
export type PublicId<P extends IdPrefix = IdPrefix> = `${P}_${string}`;

let lastMs = 0;
let counter = 0;

/**
 * A new uuid v7 (RFC 9562): time-ordered, and increasing within this process also inside one millisecond
 * (12-bit counter in rand_a, which borrows the next millisecond when it overflows).
 */
export function newId(): string {
  const bytes = randomBytes(16);
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = bytes.readUInt16BE(6) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return format(bytes);
}

/** A new uuid v4. A contact's id says nothing about when the person came, and its low bits are its lane. */
export function newContactId(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(0x40 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return format(bytes);
}

/** The lane (0–63) of a contact: the low 6 bits of its id. SQL: `lane_of(uuid)`. */
export function laneOf(contactId: string): number {
  return Number.parseInt(contactId.slice(-2), 16) & (LANES - 1);
}

/** The lane of a row found by a hash (lookups, webhook bodies): the low 6 bits of its first byte. SQL: `lane_of_hash`. */
export function laneOfHash(hash: Uint8Array): number {
  return (hash[0] ?? 0) & (LANES - 1);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a uuid in its canonical, lower-case text form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The id people see: prefix, underscore, 26 characters of Crockford base 32 (the TypeID form). */
export function publicId<P extends IdPrefix>(prefix: P, uuid: string): PublicId<P> {
  if (!isUuid(uuid)) throw new TypeError("publicId needs a canonical uuid");
  let rest = BigInt(`0x${uuid.replaceAll("-", "")}`);
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return `${prefix}_${text}`;
}

/** The uuid behind a prefixed id, or undefined when the text is not one of that prefix. Exactly one text per id. */
export function parsePublicId(prefix: IdPrefix, text: string): string | undefined {
  const body = text.startsWith(`${prefix}_`) ? text.slice(prefix.length + 1) : "";
  // 26 characters hold 130 bits: the first may not exceed 7.
  if (!/^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(body)) return undefined;
  let value = 0n;
  for (const character of body) value = (value << 5n) | BigInt(ALPHABET.indexOf(character));
  return dashed(value.toString(16).padStart(32, "0"));
}

function format(bytes: Buffer): string {
  return dashed(bytes.toString("hex"));
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
