import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { cosignedText, decodeBase64, keyHash } from "./verifier";

// Signing side of C2SP signed-note, Ed25519 (key type 0x01), and of tlog-cosignature (0x04). Checking is openNote in
// verifier.ts.

const ED25519 = 1;
const COSIGNATURE = 4;
const SEED_BYTES = 32;
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex"); // RFC 8410: a PKCS #8 head before the seed

export interface NoteSigner {
  name: string;
  /** The key as others check it: `name+hash+base64`. Public. */
  verifierKey: string;
  /** The signature line of this text. */
  signatureLine(text: string): string;
}

/** A signer from an Ed25519 private key (PKCS #8 PEM, or a key object). `name` is the log's origin. */
export function noteSigner(name: string, privateKey: string | KeyObject): NoteSigner {
  const { key, hash, verifierKey } = namedKey(name, privateKey, ED25519);
  return { name, verifierKey, signatureLine: (text) => lineOf(name, hash, sign(null, Buffer.from(text), key)) };
}

export interface Cosigner {
  verifierKey: string;
  /** The line that says: at this time, in whole seconds, I saw this checkpoint, and the log had only grown. */
  cosignatureLine(text: string, at: Date): string;
}

/** A witness' signer (tlog-cosignature `cosignature/v1`). */
export function noteCosigner(name: string, privateKey: string | KeyObject): Cosigner {
  const { key, hash, verifierKey } = namedKey(name, privateKey, COSIGNATURE);
  return {
    verifierKey,
    cosignatureLine: (text, at) => {
      const seconds = Math.floor(at.getTime() / 1_000);
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(seconds));
      const signature = sign(null, Buffer.from(cosignedText(text, seconds)), key);
      return lineOf(name, hash, Buffer.concat([time, signature]));
    },
  };
}

function namedKey(name: string, privateKey: string | KeyObject, type: number) {
  if (!/^[^\s+]+$/u.test(name)) throw new Error("A key name may hold neither spaces nor +");
  const key = typeof privateKey === "string" ? createPrivateKey(privateKey) : privateKey;
  if (key.asymmetricKeyType !== "ed25519") throw new Error("The log signs with Ed25519 only");
  const typedKey = Buffer.concat([Buffer.of(type), publicBytes(key)]);
  const hash = Buffer.from(keyHash(name, typedKey));
  return { key, hash, verifierKey: `${name}+${hash.toString("hex")}+${typedKey.toString("base64")}` };
}

function lineOf(name: string, hash: Buffer, signature: Buffer): string {
  return `\u2014 ${name} ${Buffer.concat([hash, signature]).toString("base64")}\n`;
}

/** A signer from the `PRIVATE+KEY+name+hash+base64(0x01 ‖ seed)` form of signed-note; undefined when it is malformed. */
export function readSigner(signingKey: string): NoteSigner | undefined {
  const [, name = "", hash, encoded = ""] = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(signingKey) ?? [];
  const bytes = decodeBase64(encoded);
  if (!bytes || bytes.length !== SEED_BYTES + 1 || bytes[0] !== ED25519) return undefined;
  const der = Buffer.concat([PKCS8_PREFIX, bytes.subarray(1)]);
  const signer = noteSigner(name, createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  return signer.verifierKey.startsWith(`${name}+${hash}+`) ? signer : undefined;
}

/** A signed note: the text (which must end in a newline), an empty line, one signature line for each signer. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith("\n")) throw new Error("The text of a note ends in a newline");
  return `${text}\n${signers.map((signer) => signer.signatureLine(text)).join("")}`;
}

function publicBytes(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}
