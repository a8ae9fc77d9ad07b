import { type HistoryEvent, type PurposePolicy, projectStates, statusAt } from "@/lib/consent/projection";
import type { Basis } from "@/lib/sending/message";

/** Why an attempt is not covered by a consent, or by what else it names. The first that applies. */
export const sendExceptions = [
  "attempt_altered", // the row is not what the log committed to
  "no_basis", // it names no consent event
  "basis_not_found", // the event does not exist, or belongs to somebody else
  "event_altered", // an event of the person is not what the log committed to
  "consent_not_granted", // folded anew, no consent stood at that moment
  "basis_differs", // a consent stood, but not the one it names
  "wording_revoked", // the text that was agreed to had been revoked
  "no_ground", // outside of campaigns: what it rests on does not exist, or belongs to somebody else
  "ground_ended", // it had ended: the 24 hours since the person's message, or the request that waited for an answer
] as const;
export type SendException = (typeof sendExceptions)[number];

export interface SendFacts {
  basisEventId: string | null;
  authorisedAt: Date;
  /** All events of the contact, in order of arrival. */
  history: readonly HistoryEvent[];
  policy: PurposePolicy | undefined;
  /** When wordings were revoked, by id. */
  revokedAt: ReadonlyMap<string, Date>;
}

/**
 * Whether a consent stood when the gate let this message through, from the person's events alone: only what had been
 * recorded by then and had happened by then counts; what the database says about the state plays no part.
 */
export function judgeSend({ basisEventId, authorisedAt, history, policy, revokedAt }: SendFacts): SendException | null {
  if (basisEventId === null || !policy) return "no_basis";
  const known = history.filter(
    ({ recordedAt, occurredAt }) => recordedAt <= authorisedAt && occurredAt <= authorisedAt,
  );
  if (!known.some(({ id }) => id === basisEventId)) return "basis_not_found";
  const [state] = projectStates([policy], known);
  if (!state || statusAt(state, authorisedAt) !== "granted") return "consent_not_granted";
  if (state.basisEventId !== basisEventId) return "basis_differs";
  const revoked = state.wordingVersionId === null ? undefined : revokedAt.get(state.wordingVersionId);
  return revoked && revoked <= authorisedAt ? "wording_revoked" : null;
}

export interface GroundFacts {
  basis: Exclude<Basis, "consent">;
  authorisedAt: Date;
  /** When what the attempt names happened; null: there is no such thing of this person's. */
  groundAt: Date | null;
  /** All events of the contact, in order of arrival: for a request. */
  history: readonly HistoryEvent[];
  policy: PurposePolicy | undefined;
}

/** How long somebody who wrote may be answered (cloud-api 14). */
const WINDOW_MS = 24 * 3_600_000;

/** Whether a message outside of campaigns rested on what I1 asks for, when the gate let it through. */
export function judgeGround({ basis, authorisedAt, groundAt, history, policy }: GroundFacts): SendException | null {
  if (groundAt === null || groundAt > authorisedAt) return "no_ground";
  if (basis === "service") return authorisedAt.getTime() - groundAt.getTime() < WINDOW_MS ? null : "ground_ended";
  if (basis === "test") return null;
  if (!policy) return "no_ground";
  const known = history.filter(
    ({ recordedAt, occurredAt }) => recordedAt <= authorisedAt && occurredAt <= authorisedAt,
  );
  const [state] = projectStates([policy], known);
  return state && statusAt(state, authorisedAt) === "pending" ? null : "ground_ended";
}
