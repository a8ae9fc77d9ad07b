import type { GraphResult } from "@/lib/whatsapp/client";
import { failureOf } from "./health";
import { isSandboxAddress } from "./number";

/** What is looked at when a connection is tested, in this order; what comes after a failure may not be looked at. */
export const connectionChecks = ["mode", "number", "account", "known", "secret", "subscription"] as const;
export type ConnectionCheck = (typeof connectionChecks)[number];

/** What was found, as a code: the page has a sentence for each that says what happened and what is safe. */
export type ConnectionFinding =
  | "mode_ok"
  | "mode_needs_sandbox"
  | "mode_needs_real"
  | "number_ok"
  | "token_refused"
  | "token_permission"
  | "number_unknown"
  | "account_ok"
  | "account_unknown"
  | "number_elsewhere"
  | "known_here"
  | "known_elsewhere"
  | "known_brand"
  | "secret_ok"
  | "secret_refused"
  | "subscribed"
  | "not_subscribed"
  | "other_app"
  | "throttled"
  | "unreachable"
  | "refused";

export interface CheckedConnection {
  check: ConnectionCheck;
  finding: ConnectionFinding;
  result: "ok" | "warn" | "bad";
}

/** What a test of a connection came to. `isUsable`: the number may be connected; a missing subscription comes afterwards. */
export interface ConnectionReport {
  checks: CheckedConnection[];
  isUsable: boolean;
  displayNumber: string | null;
  verifiedName: string | null;
}

/** Decision 9: sandbox and live are two databases, and each connects only to its own kind of number. */
export function judgeMode(mode: "sandbox" | "live", baseUrl: string): CheckedConnection {
  const isSandbox = isSandboxAddress(baseUrl);
  if (isSandbox === (mode === "sandbox")) return ok("mode", "mode_ok");
  return bad("mode", mode === "sandbox" ? "mode_needs_sandbox" : "mode_needs_real");
}

export function judgeNumber(result: GraphResult<unknown>): CheckedConnection {
  return failed("number", result, "number_unknown") ?? ok("number", "number_ok");
}

/** The account has to list the number: else the id of another account was pasted. */
export function judgeAccount(result: GraphResult<readonly { id: string }[]>, phoneNumberId: string): CheckedConnection {
  const failure = failed("account", result, "account_unknown");
  if (failure || result.kind !== "ok") return failure ?? bad("account", "refused");
  const isListed = result.value.some(({ id }) => id === phoneNumberId);
  return isListed ? ok("account", "account_ok") : bad("account", "number_elsewhere");
}

/** Of a number that is connected already, what another paste could change without anybody seeing it. */
export interface KnownNumber {
  wabaId: string;
  baseUrl: string;
  brandId: string;
}

/**
 * Pasting a connected number again renews its token and its secret. It never moves the number: sandboxes give the same ids
 * again, and whoever consented to one brand did not consent to another.
 */
export function judgeKnown(known: KnownNumber, pasted: KnownNumber): CheckedConnection {
  if (known.baseUrl !== pasted.baseUrl || known.wabaId !== pasted.wabaId) return bad("known", "known_elsewhere");
  return known.brandId === pasted.brandId ? ok("known", "known_here") : bad("known", "known_brand");
}

/**
 * The app's own read of itself, with its secret in place of a token: else a wrong secret shows only when webhooks are refused.
 * An app that Meta does not let us read this way says nothing about the secret, and so is no finding.
 */
export function judgeSecret(result: GraphResult<unknown>): CheckedConnection | undefined {
  if (result.kind === "ok") return ok("secret", "secret_ok");
  if (failureOf(result) !== "token") return undefined;
  return { check: "secret", finding: "secret_refused", result: "warn" };
}

/** Our app has to be among those that get the account's webhooks; a token of another app subscribes that one. */
export function judgeSubscription(
  result: GraphResult<readonly { whatsapp_business_api_data: { id: string } }[]>,
  appId: string | null,
): CheckedConnection {
  const failure = failed("subscription", result, "account_unknown");
  if (failure || result.kind !== "ok") return failure ?? bad("subscription", "refused");
  const apps = result.value.map(({ whatsapp_business_api_data: app }) => app.id);
  if (appId ? apps.includes(appId) : apps.length > 0) return ok("subscription", "subscribed");
  return { check: "subscription", finding: apps.length > 0 ? "other_app" : "not_subscribed", result: "warn" };
}

function failed(
  check: ConnectionCheck,
  result: GraphResult<unknown>,
  unknownId: ConnectionFinding,
): CheckedConnection | undefined {
  switch (failureOf(result)) {
    case undefined:
      return undefined;
    case "token":
      return bad(check, "token_refused");
    case "permission":
      return bad(check, "token_permission");
    case "not_found":
      return bad(check, unknownId);
    case "throttled":
      return bad(check, "throttled");
    case "unreachable":
      return bad(check, "unreachable");
    case "refused":
      return bad(check, "refused");
  }
}

function ok(check: ConnectionCheck, finding: ConnectionFinding): CheckedConnection {
  return { check, finding, result: "ok" };
}

function bad(check: ConnectionCheck, finding: ConnectionFinding): CheckedConnection {
  return { check, finding, result: "bad" };
}
