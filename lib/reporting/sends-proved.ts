import { type ConsentEventType, type ConsentScope, consentEventTypes, consentScopes } from "@/lib/consent/consent";
import { type HistoryEvent, type PurposePolicy, projectStates, statusAt } from "@/lib/consent/projection";
import { isObject, type Json, type ProvedRow } from "@/lib/ledger/verifier";

// Proved payloads, as their rooms commit to them: sending/entries.ts, consent/event.ts, consent/commands/create-purpose.ts.
// Read by hand, not by a schema: this file is part of the verifier, which depends on nothing.

export interface SendsVerdict {
  /** Attempts whose consent was folded anew and stood at the moment of the gate. */
  consented: number;
  /** One sentence for each attempt without a consent. */
  failures: string[];
  /** Attempts whose consent event cannot be read: the person was erased, or the bundle leaves it out. */
  unread: number;
}

/**
 * Folds the consent behind every proved attempt again, from proved events and proved purposes alone: what the database
 * says about it plays no part. Only events that had been recorded when the gate decided count.
 */
export function checkSends(proved: readonly ProvedRow[]): SendsVerdict {
  const payloads = proved.map((row) => row.payload);
  const events = payloads.map(readEvent).filter((event) => event !== undefined);
  const eventById = new Map(events.map((event) => [event.id, event]));
  const eventsByContact = new Map(events.map(({ contact }): [string, ProvedEvent[]] => [contact, []]));
  for (const event of events) eventsByContact.get(event.contact)?.push(event);
  const purposes = payloads.map(readPurpose).filter((purpose) => purpose !== undefined);
  const purposeById = new Map(purposes.map((purpose) => [purpose.purposeId, purpose]));
  const verdict: SendsVerdict = { consented: 0, failures: [], unread: 0 };
  for (const attempt of payloads.map(readAttempt)) {
    if (!attempt) continue;
    const basis = eventById.get(attempt.basisEvent);
    const purpose = purposeById.get(basis?.purposeId ?? "");
    if (!basis || !purpose) verdict.unread += 1;
    else if (stoodAt(attempt, eventsByContact.get(basis.contact) ?? [], purpose)) verdict.consented += 1;
    else verdict.failures.push(`attempt ${attempt.id}: no consent stood at ${attempt.authorisedAt.toISOString()}`);
  }
  return verdict;
}

function stoodAt(
  { authorisedAt, basisEvent }: Attempt,
  history: readonly HistoryEvent[],
  policy: PurposePolicy,
): boolean {
  const known = history.filter(
    ({ recordedAt, occurredAt }) => recordedAt <= authorisedAt && occurredAt <= authorisedAt,
  );
  const [state] = projectStates([policy], known);
  return state !== undefined && statusAt(state, authorisedAt) === "granted" && state.basisEventId === basisEvent;
}

interface Attempt {
  id: string;
  basisEvent: string;
  authorisedAt: Date;
}

function readAttempt(payload: Json): Attempt | undefined {
  if (!isObject(payload) || payload.basis !== "consent") return undefined;
  const { attempt: id, basisEvent } = payload;
  const authorisedAt = instant(payload.authorisedAt);
  return typeof id === "string" && typeof basisEvent === "string" && authorisedAt
    ? { id, basisEvent, authorisedAt }
    : undefined;
}

interface ProvedEvent extends HistoryEvent {
  contact: string;
}

function readEvent(payload: Json): ProvedEvent | undefined {
  if (!isObject(payload)) return undefined;
  const {
    event: id,
    contact,
    purpose = null,
    wordingVersion = null,
    class: sourceClass,
    complete: isComplete,
  } = payload;
  const type = consentEventTypes.find((one): one is ConsentEventType => one === payload.type);
  const scope = consentScopes.find((one): one is ConsentScope => one === payload.scope);
  const [occurredAt, recordedAt] = [instant(payload.occurredAt), instant(payload.recordedAt)];
  if (typeof id !== "string" || typeof contact !== "string" || typeof isComplete !== "boolean") return undefined;
  if (!type || !scope || !occurredAt || !recordedAt || (sourceClass !== "A" && sourceClass !== "B")) return undefined;
  if (purpose !== null && typeof purpose !== "string") return undefined;
  if (wordingVersion !== null && typeof wordingVersion !== "string") return undefined;
  const history = { id, type, scope, occurredAt, recordedAt, sourceClass, isComplete } as const;
  return { ...history, contact, purposeId: purpose, wordingVersionId: wordingVersion };
}

function readPurpose(payload: Json): PurposePolicy | undefined {
  const data = isObject(payload) && payload.type === "purpose.created" ? payload.data : undefined;
  if (!isObject(data)) return undefined;
  const { id, category, doubleOptIn, pendingHours, validityDays } = data;
  if (typeof id !== "string" || typeof category !== "string" || typeof doubleOptIn !== "boolean") return undefined;
  if (typeof pendingHours !== "number" || typeof validityDays !== "number") return undefined;
  return { purposeId: id, isMarketing: category === "MARKETING", doubleOptIn, pendingHours, validityDays };
}

function instant(value: Json | undefined): Date | undefined {
  const date = typeof value === "string" ? new Date(value) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}
