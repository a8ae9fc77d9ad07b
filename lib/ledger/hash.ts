import { createHmac, hash } from "node:crypto";
import { canonicalize } from "./jcs";
import type { Json } from "./verifier";

// How the log hashes while it is written: natively, because every send waits for it. Checking has its own definition, in
// verifier.ts, written without any of this; the tests hold the two together.

const LEAF_PREFIX = Buffer.of(0);
const NODE_PREFIX = Buffer.of(1);

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT = hash("sha256", "", "buffer");

export function hashLeaf(leaf: Buffer): Buffer {
  return hash("sha256", Buffer.concat([LEAF_PREFIX, leaf]), "buffer");
}

export function hashNode(left: Buffer, right: Buffer): Buffer {
  return hash("sha256", Buffer.concat([NODE_PREFIX, left, right]), "buffer");
}

/** HMAC-SHA-256(salt, canonical payload): hides the payload until payload and salt are shown together. */
export function commit(salt: Buffer, payload: Json): Buffer {
  return createHmac("sha256", salt).update(canonicalize(payload), "utf8").digest();
}
