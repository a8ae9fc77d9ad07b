import { createHash } from "node:crypto";
import { canonicalize } from "@/lib/ledger/jcs";
import type { Json } from "@/lib/ledger/verifier";

/**
 * SHA-256 of the components' canonical JSON (RFC 8785): the identity of what people read, whatever the order of keys.
 * Examples are left out: nobody receives them, and Meta answers another address for an example's file at every read.
 */
export function componentsHash(components: unknown): Buffer {
  const json: Json = JSON.parse(JSON.stringify(components, (key, value) => (key === "example" ? undefined : value)));
  return createHash("sha256").update(canonicalize(json)).digest();
}
