import type { GraphResult } from "@/lib/whatsapp/client";
import { stopOf } from "./stops";

/** What a read at Meta came to, as people are told. `unchecked`: never read. */
export const healthStates = [
  "unchecked",
  "ok",
  "token",
  "permission",
  "not_found",
  "throttled",
  "unreachable",
  "refused",
] as const;
export type Health = (typeof healthStates)[number];

export type ReadFailure = Exclude<Health, "unchecked" | "ok">;

const ACCOUNT_LIMIT_CODES = new Set([4, 80007]);

/** Management calls that Meta counts too many of (cloud-api 13): 4 and 80007. */
export function isAccountLimit(result: GraphResult<unknown>): boolean {
  return result.kind === "refused" && ACCOUNT_LIMIT_CODES.has(result.code);
}

/** Why a management call failed; undefined when it did not. Branches on code and subcode, never on Meta's words. */
export function failureOf(result: GraphResult<unknown>): ReadFailure | undefined {
  if (result.kind === "ok") return undefined;
  if (result.kind === "unavailable") return "unreachable";
  if (isAccountLimit(result)) return "throttled";
  const cause = stopOf(result.code, result.subcode)?.cause;
  return cause === "token" || cause === "permission" || cause === "not_found" ? cause : "refused";
}

export function readHealth(stored: string): Health {
  return healthStates.find((one) => one === stored) ?? "unchecked";
}
