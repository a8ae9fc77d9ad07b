import { createHash } from "node:crypto";
import { canonicalize } from "@/lib/ledger/jcs";
import type { ExperimentPlan } from "./plan";

/** SHA-256 of the plan's canonical JSON (RFC 8785), in hex: what approval and ledger bind to. */
export function planHash(plan: ExperimentPlan): string {
  return createHash("sha256").update(canonicalize(plan)).digest("hex");
}
