/** Whom a retry must wait for: only this message, this pair of numbers, everything of the number, or of the account. */
export type RetryScope = "message" | "pair" | "number" | "account";

/** What an error code means beyond the message that met it. */
export type ErrorEffect =
  | "stop_account"
  | "stop_number"
  | "stop_template"
  | "withdraw_marketing"
  | "cool_down_contact"
  | "unreachable_contact";

export type ErrorVerdict =
  | { kind: "retry"; afterMs: number; scope: RetryScope; code: number }
  | { kind: "rejected"; code: number; detail: string }
  | { kind: "ambiguous"; reason: string };

interface Rule {
  /** Absent: the same request is never sent again. */
  retry?: { scope: RetryScope; afterMs: number };
  effect?: ErrorEffect;
  /** The code itself says that nothing was sent, so that not even HTTP 5xx makes the outcome doubtful. */
  isRefusal?: true;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const never: Rule = {};
const wait = (scope: RetryScope, afterMs: number): Rule => ({ retry: { scope, afterMs } });
/** Refused until a person mends the account or the number: the message may wait, sending must stop. */
const accountStops: Rule = { retry: { scope: "account", afterMs: HOUR }, effect: "stop_account" };
const numberStops: Rule = { retry: { scope: "number", afterMs: HOUR }, effect: "stop_number" };
const templateStops: Rule = { effect: "stop_template" };

/**
 * Error codes of the Cloud API (Meta, "Error codes"), by what to do. A code that is missing here is not retried when
 * the answer was 4xx, and leaves the outcome unknown when it was 5xx.
 */
const rules: Record<number, Rule> = {
  0: accountStops,
  1: wait("message", 5 * SECOND),
  2: wait("account", 5 * SECOND),
  3: { ...accountStops, isRefusal: true },
  4: wait("account", MINUTE),
  10: accountStops,
  33: numberStops,
  100: never,
  190: accountStops,
  368: accountStops,
  80007: wait("account", MINUTE),
  130429: wait("number", SECOND),
  130472: never,
  130497: never,
  131000: wait("message", 5 * SECOND),
  131005: accountStops,
  131008: never,
  131009: never,
  131016: wait("account", 5 * SECOND),
  131021: never,
  131026: { effect: "unreachable_contact" },
  131030: never,
  131031: accountStops,
  131037: numberStops,
  131042: accountStops,
  131044: accountStops,
  131045: { ...numberStops, isRefusal: true },
  131047: never,
  131048: { retry: { scope: "number", afterMs: HOUR }, effect: "stop_number" },
  131049: { effect: "cool_down_contact" },
  131050: { effect: "withdraw_marketing" },
  131051: never,
  131052: never,
  131053: never,
  131055: never,
  131056: wait("pair", 6 * SECOND),
  131057: { retry: { scope: "number", afterMs: MINUTE }, isRefusal: true },
  131059: wait("message", 0),
  131060: never,
  131062: never,
  131063: never,
  131064: wait("account", 24 * HOUR),
  132000: never,
  132001: templateStops,
  132005: never,
  132007: templateStops,
  132008: never,
  132012: never,
  132015: templateStops,
  132016: templateStops,
  132068: templateStops,
  /** A flow that answers badly is held to ten messages an hour. */
  132069: wait("message", HOUR),
  133000: { ...numberStops, isRefusal: true },
  133004: wait("number", 5 * SECOND),
  133005: numberStops,
  133006: numberStops,
  133008: wait("number", HOUR),
  133009: wait("number", HOUR),
  133010: numberStops,
  133015: wait("number", 5 * MINUTE),
  133016: wait("number", HOUR),
  134011: accountStops,
  134100: never,
  134101: wait("message", 10 * MINUTE),
  134102: { ...accountStops, isRefusal: true },
  135000: never,
  137000: never,
  147001: never,
  147002: never,
  147003: never,
  147004: never,
  200005: never,
  200006: never,
  200007: never,
  2388019: never,
  2388040: never,
  2388047: never,
  2388072: never,
  2388073: never,
  2388293: never,
  2388299: never,
  2494100: wait("number", 5 * MINUTE),
  2593107: never,
  2593108: never,
};

/** Subcodes that say more than their code: 100/33 is an id that does not exist or is not ours. */
function ruleOf(code: number, subcode?: number): Rule | undefined {
  if (code === 100 && subcode === 33) return numberStops;
  if (subcode === 2494100) return rules[subcode];
  if (code >= 200 && code <= 299) return accountStops;
  return rules[code];
}

/** What an error code says about the account, number, template or contact; `undefined` when only about the message. */
export function effectOf(code: number, subcode?: number): ErrorEffect | undefined {
  return ruleOf(code, subcode)?.effect;
}

/** Whether the classification table names this code (for tests and for counting surprises). */
export function isKnownCode(code: number): boolean {
  return ruleOf(code) !== undefined;
}

/**
 * What a Graph error answer means for the message that was being sent.
 *
 * 5xx leaves the outcome unknown, because the server may have accepted the message before it failed; except for codes
 * that are refusals by themselves (such as 131057, number in maintenance).
 */
export function classifyError(error: { status: number; code: number; subcode?: number; detail: string }): ErrorVerdict {
  const rule = ruleOf(error.code, error.subcode);
  if (error.status >= 500 && !rule?.isRefusal) {
    return { kind: "ambiguous", reason: `http_${error.status}_code_${error.code}` };
  }
  if (rule?.retry) return { kind: "retry", ...rule.retry, code: error.code };
  return { kind: "rejected", code: error.code, detail: error.detail };
}
