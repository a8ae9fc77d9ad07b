import type { Json } from "@/lib/ledger/verifier";
import type { Basis } from "./message";
import type { OutcomeRecord } from "./outcome";

// What the log commits to. Everything here stands in a row too, so the payload can be derived from the row when a proof
// is asked for and need not be kept twice.

export interface AttemptFacts {
  attemptId: string;
  messageId: string;
  /** Null: outside of campaigns. */
  campaignId: string | null;
  n: number;
  basis: Basis;
  /** What it rests on: the consent event, the person's message, the event that asks, the number of our own. */
  basisEventId: string | null;
  checks: number;
  notEvaluated: number;
  /** Null: before there were rules of sending. */
  policyVersionId: string | null;
  at: Date;
}

export function attemptPayload(attempt: AttemptFacts): Json {
  return {
    attempt: attempt.attemptId,
    message: attempt.messageId,
    campaign: attempt.campaignId,
    n: attempt.n,
    basis: attempt.basis,
    basisEvent: attempt.basisEventId,
    checks: attempt.checks,
    notEvaluated: attempt.notEvaluated,
    ...(attempt.policyVersionId !== null && { policy: attempt.policyVersionId }),
    authorisedAt: attempt.at.toISOString(),
  };
}

export interface RefusalFacts {
  messageId: string;
  campaignId: string | null;
  checkNumber: number;
  reason: string;
  at: Date;
}

export function refusalPayload(refusal: RefusalFacts): Json {
  return {
    message: refusal.messageId,
    campaign: refusal.campaignId,
    refusedByCheck: refusal.checkNumber,
    reason: refusal.reason,
    at: refusal.at.toISOString(),
  };
}

export function outcomePayload(
  outcome: Pick<OutcomeRecord, "attemptId" | "kind" | "wamid" | "code" | "reason">,
  at: Date,
): Json {
  return {
    attempt: outcome.attemptId,
    kind: outcome.kind,
    wamid: outcome.wamid,
    code: outcome.code,
    reason: outcome.reason,
    at: at.toISOString(),
  };
}
