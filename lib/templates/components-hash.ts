import { createHash } from "node:crypto";
import { canonicalize } from "@/lib/ledger/jcs";
import type { Json } from "@/lib/ledger/verifier";

/** SHA-256 of the components' canonical JSON (RFC 8785): the identity of a template's text, whatever the order of keys. */
export function componentsHash(components: unknown): Buffer {
  const json: Json = JSON.parse(JSON.stringify(components)); // what jsonb keeps of it
  return createHash("sha256").update(canonicalize(json)).digest();
}
