import type { SendOutcome } from "@/lib/whatsapp/client";

/** After so many attempts that were proven unsent, the message is given up as rejected. */
export const MAX_ATTEMPTS = 5;

const FIRST_DELAY_MS = 1_000;
const FIRST_PAIR_DELAY_MS = 6_000;
const LONGEST_DELAY_MS = 10 * 60_000;

/** What the books keep of an attempt's end. `retryAfterMs` only where the message is due again. */
export interface OutcomeRecord {
  attemptId: string;
  contactId: string;
  kind: "accepted" | "held" | "retry" | "rejected" | "ambiguous" | "unsent" | "reconciled";
  wamid: string | null;
  code: number | null;
  reason: string | null;
  retryAfterMs: number | null;
}

/** Turns the client's answer into the record. `n` is the number of this attempt, from 1: each repetition waits longer. */
export function outcomeRecord(
  { attemptId, contactId, n }: { attemptId: string; contactId: string; n: number },
  outcome: SendOutcome,
): OutcomeRecord {
  const base = { attemptId, contactId, wamid: null, code: null, reason: null, retryAfterMs: null };
  switch (outcome.kind) {
    case "accepted":
      return { ...base, kind: "accepted", wamid: outcome.wamid };
    case "held":
      return { ...base, kind: "held", wamid: outcome.wamid, reason: "held_for_quality" };
    case "rejected":
      return { ...base, kind: "rejected", code: outcome.code, reason: `meta_${outcome.code}` };
    case "ambiguous":
      return { ...base, kind: "ambiguous", reason: outcome.reason };
    case "retry":
      return {
        ...base,
        kind: "retry",
        code: outcome.code,
        reason: `meta_${outcome.code}`,
        // Meta grows the pair's wait by four each time (cloud-api 13); for the rest that is the pace of our own.
        retryAfterMs: outcome.scope === "pair" ? pairDelayMs(n) : Math.max(outcome.afterMs, retryDelayMs(n)),
      };
    case "unsent":
      return { ...base, kind: "unsent", reason: outcome.reason, retryAfterMs: retryDelayMs(n) };
  }
}

/** A message whose text cannot be made: it ends as rejected by ourselves, without a request. */
export function impossibleRecord(
  { attemptId, contactId }: { attemptId: string; contactId: string },
  reason: string,
): OutcomeRecord {
  return { attemptId, contactId, kind: "rejected", wamid: null, code: null, reason, retryAfterMs: null };
}

const REST_HOURS = 24;
const LONGEST_REST_HOURS = 168;

/**
 * 131049: for how long marketing to somebody rests after Meta refused it so many times in a row, with none delivered in between
 * (cloud-api 16: at least a day, growing): 24, 48, 96 hours, at most a week. `marketing_rests_until` is the same for the gate.
 */
export function marketingRestHours(refusals: number): number {
  return Math.min(LONGEST_REST_HOURS, REST_HOURS * 2 ** (refusals - 1));
}

/** What was ambiguous was taken after all: a status says so. */
export function reconciledRecord(
  { attemptId, contactId }: { attemptId: string; contactId: string },
  wamid: string | null,
): OutcomeRecord {
  return { attemptId, contactId, kind: "reconciled", wamid, code: null, reason: null, retryAfterMs: null };
}

/** 131056, of one number and one person: 6 s, 24 s, 96 s … (compliance 6, rule 6). */
function pairDelayMs(n: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_PAIR_DELAY_MS * 4 ** (n - 1));
}

/** 1 s, 4 s, 16 s … at most ten minutes. */
export function retryDelayMs(n: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 4 ** (n - 1));
}
