import { createHmac } from "node:crypto";
import { commit, hashLeaf } from "./hash";
import { canonicalize } from "./jcs";
import type { Json } from "./verifier";

/** Who caused an entry. Kinds only: which user or key it was is inside the sealed payload. */
export type ActorKind = "contact" | "user" | "api_key" | "system" | "meta";

/** What is hashed into the log, in clear: no personal data (compliance/design.md 2.2). */
export interface Envelope {
  /** The log's origin, `<instance>/<mode>`. */
  log: string;
  type: string;
  /** When the change was recorded (business time of the caller). */
  at: Date;
  /** The row that the entry is about. */
  ref: string;
  /** The contact, or null when it is about nobody or about many. */
  subject: string | null;
  by: ActorKind;
  commitment: Buffer;
}

/** The bytes of a leaf: canonical JSON of the envelope. */
export function leafBytes({ log, type, at, ref, subject, by, commitment }: Envelope): Buffer {
  const c = commitment.toString("base64");
  return Buffer.from(canonicalize({ v: 1, log, type, at: at.toISOString(), ref, subj: subject, by, c }));
}

/** The salt of a row inside a batch: it needs no storage, and goes when the contact's key goes. */
export function itemSalt(key: Buffer, rowId: string): Buffer {
  return createHmac("sha256", key).update(rowId).digest();
}

/** The leaf of a row in the inner tree of a batch: the hash of its commitment. */
export function itemLeafHash(salt: Buffer, payload: Json): Buffer {
  return hashLeaf(commit(salt, payload));
}
