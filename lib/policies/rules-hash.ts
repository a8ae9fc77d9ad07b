import { createHash } from "node:crypto";
import { canonicalize } from "@/lib/ledger/jcs";
import type { Json } from "@/lib/ledger/verifier";
import type { PolicyRules } from "./policy";

/** SHA-256 of the canonical rules, hex: what an approval in the log binds to. */
export function rulesHash(rules: PolicyRules): string {
  return createHash("sha256")
    .update(canonicalize(rules as unknown as Json))
    .digest("hex"); // plain JSON by its schema
}
