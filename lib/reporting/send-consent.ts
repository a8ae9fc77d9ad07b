import { type HistoryEvent, type PurposePolicy, projectStates, statusAt } from "@/lib/consent/projection";

/** Why an attempt is not covered by a consent. The first that applies. */
export const sendExceptions = [
  "attempt_altered", // the row is not what the log committed to
  "no_basis", // it names no consent event
  "basis_not_found", // the event does not exist, or belongs to somebody else
  "event_altered", // an event of the person is not what the log committed to
  "consent_not_granted", // folded anew, no consent stood at that moment
  "basis_differs", // a consent stood, but not the one it names
  "wording_revoked", // the text that was agreed to had been revoked
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
