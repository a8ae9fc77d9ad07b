import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";

// Sealed bytes: version (1) | key id (4) | nonce (12) | ciphertext | tag (16). AES-256-GCM with a random 96-bit nonce
// (NIST SP 800-38D 8.2.2): one contact's key seals far fewer than 2^32 values, so a repeated nonce is not a concern.
const VERSION = 1;
const KEY_ID_AT = 1;
const NONCE_AT = 5;
const BODY_AT = 17;
const TAG_BYTES = 16;

const keyIds = new WeakMap<Buffer, Buffer>();

/** Four bytes that name a key without telling it, so that a wrong or rotated key is told apart from altered bytes. */
export function keyId(key: Buffer): Buffer {
  const known = keyIds.get(key);
  if (known) return known;
  const id = createHash("sha256").update("contraste key id\0").update(key).digest().subarray(0, 4);
  keyIds.set(key, id);
  return id;
}

/**
 * Encrypts under a 32-byte key. `aad` says where the value belongs (`table|column|row id`), so that a sealed value moved
 * to another row does not open.
 */
export function seal(key: Buffer, plaintext: string | Buffer, aad: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(aad));
  const body = typeof plaintext === "string" ? cipher.update(plaintext, "utf8") : cipher.update(plaintext);
  return Buffer.concat([Buffer.of(VERSION), keyId(key), nonce, body, cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what `seal` made. Throws when the key is another one, the place is another one, or a byte was changed. */
export function open(key: Buffer, sealed: Buffer, aad: string): Buffer {
  if (sealed.length < BODY_AT + TAG_BYTES || sealed[0] !== VERSION)
    throw new Error("Sealed value has an unknown format");
  if (!sealed.subarray(KEY_ID_AT, NONCE_AT).equals(keyId(key))) throw new Error("Sealed under another key");
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(NONCE_AT, BODY_AT));
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(BODY_AT, -TAG_BYTES)), decipher.final()]);
}

/**
 * The keyed hash by which an identifier is found: HMAC-SHA-256(lookupKey, kind ‖ 0x00 ‖ value). Never a plain hash: there
 * are few enough phone numbers to try them all.
 */
export function lookup(lookupKey: Buffer, kind: string, canonicalValue: string): Buffer {
  // By way of text: a digest's own buffer takes as long as the digest.
  return Buffer.from(createHmac("sha256", lookupKey).update(`${kind}\0${canonicalValue}`).digest("hex"), "hex");
}

/** A 32-byte key for one purpose, derived from a master key (HKDF-SHA-256, RFC 5869), so that no key has two uses. */
export function deriveKey(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", master, Buffer.alloc(0), `contraste ${purpose}`, 32));
}
