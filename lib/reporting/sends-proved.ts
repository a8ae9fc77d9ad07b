import { type ConsentEventType, type ConsentScope, consentEventTypes, consentScopes } from "@/lib/consent/consent";
import { type HistoryEvent, type PurposePolicy, projectStates, statusAt } from "@/lib/consent/projection";
import { isObject, type Json, type ProvedRow } from "@/lib/ledger/verifier";

// Proved payloads, as their rooms commit to them: sending/entries.ts, consent/event.ts, consent/commands/create-purpose.ts,
// sending/commands/send-test-template.ts.
// Read by hand, not by a schema: this file is part of the verifier, which depends on nothing.

/** Attempts outside of campaigns, by what they rest on. */
export interface GroundCounts {
  /** Answers within 24 hours of what the person wrote; what they wrote is not in the log, so only the basis is proved. */
  service: number;
  /** Questions to whoever had asked for it and not answered yet: folded anew. */
  request: number;
  /** To a number that one of the organisation's own people had declared as theirs before. */
  test: number;
}

export interface SendsVerdict {
  /** Attempts whose consent was folded anew and stood at the moment of the gate. */
  consented: number;
  grounds: GroundCounts;
  /** One sentence for each attempt that rests on nothing, or that the gate must not have let through. */
  failures: string[];
  /** Attempts whose event cannot be read: the person was erased, or the bundle leaves it out. */
  unread: number;
}

/**
 * Folds the consent behind every proved attempt again, from proved events and proved purposes alone: what the database
 * says about it plays no part. Only events that had been recorded when the gate decided count. A message of a campaign rests
 * on a consent and nothing else, and no attempt skipped a check that its basis asks (compliance I1).
 */
export function checkSends(proved: readonly ProvedRow[]): SendsVerdict {
  const payloads = proved.map((row) => row.payload);
  const events = payloads.map(readEvent).filter((event) => event !== undefined);
  const eventById = new Map(events.map((event) => [event.id, event]));
  const eventsByContact = new Map(events.map(({ contact }): [string, ProvedEvent[]] => [contact, []]));
  for (const event of events) eventsByContact.get(event.contact)?.push(event);
  const purposes = payloads.map(readPurpose).filter((purpose) => purpose !== undefined);
  const purposeById = new Map(purposes.map((purpose) => [purpose.purposeId, purpose]));
  const ownSince = new Map(proved.map(readOwnNumber).filter((own) => own !== undefined));
  const verdict: SendsVerdict = {
    consented: 0,
    grounds: { service: 0, request: 0, test: 0 },
    failures: [],
    unread: 0,
  };
  for (const payload of payloads) {
    if (!isObject(payload) || payload.attempt === undefined || payload.basis === undefined) continue;
    const attempt = readAttempt(payload);
    if (!attempt) {
      verdict.failures.push(`attempt ${String(payload.attempt)}: on what it rests cannot be read`);
      continue;
    }
    const { id, basis, basisEvent, authorisedAt } = attempt;
    const fail = (what: string) => verdict.failures.push(`attempt ${id}: ${what} at ${authorisedAt.toISOString()}`);
    const wrong = wrongGate(attempt);
    if (wrong) fail(wrong);
    else if (basis === "service") verdict.grounds.service += 1;
    else if (basis === "test") {
      const since = ownSince.get(basisEvent);
      if (!since) verdict.unread += 1;
      else if (since <= authorisedAt) verdict.grounds.test += 1;
      else fail("the number was not declared as our own yet");
    } else {
      const event = eventById.get(basisEvent);
      const purpose = purposeById.get(event?.purposeId ?? "");
      const history = eventsByContact.get(event?.contact ?? "") ?? [];
      if (!event || !purpose) verdict.unread += 1;
      else if (!stoodAt(attempt, history, purpose))
        fail(basis === "consent" ? "no consent stood" : "no request waited");
      else if (basis === "consent") verdict.consented += 1;
      else verdict.grounds.request += 1;
    }
  }
  return verdict;
}

/** Whether the consent stood, or the request waited for an answer, when the gate decided. */
function stoodAt(
  { basis, authorisedAt, basisEvent }: Attempt,
  history: readonly HistoryEvent[],
  policy: PurposePolicy,
): boolean {
  const known = history.filter(
    ({ recordedAt, occurredAt }) => recordedAt <= authorisedAt && occurredAt <= authorisedAt,
  );
  const [state] = projectStates([policy], known);
  const status = state && statusAt(state, authorisedAt);
  return basis === "request" ? status === "pending" : status === "granted" && state?.basisEventId === basisEvent;
}

const ALL_CHECKS = 0b1111_1111_1111;
/** Checks of the gate that a basis does not ask (compliance I1), bit i − 1 for check i: 2 and 12 are about campaigns. */
const NOT_ASKED: Record<Attempt["basis"], number> = {
  consent: 0,
  request: 0b1000_0000_0010,
  service: 0b1001_1011_0110,
  test: 0b1001_1000_0010,
};

/** What the gate must not have done, by the attempt's own words. */
function wrongGate({ basis, campaign, checks, notEvaluated }: Attempt): string | undefined {
  if (campaign !== null && basis !== "consent") return `a message of a campaign rests on ${basis}`;
  if ((notEvaluated & ~NOT_ASKED[basis]) !== 0) return "a check that its basis asks was left out";
  return (checks | notEvaluated) === ALL_CHECKS ? undefined : "a check did not pass";
}

interface Attempt {
  id: string;
  basis: "consent" | "request" | "service" | "test";
  basisEvent: string;
  /** Null: outside of campaigns. */
  campaign: string | null;
  checks: number;
  notEvaluated: number;
  authorisedAt: Date;
}

const bases = ["consent", "request", "service", "test"] as const;

function readAttempt(payload: { readonly [key: string]: Json }): Attempt | undefined {
  const { attempt: id, basisEvent, campaign, checks, notEvaluated } = payload;
  const basis = bases.find((one) => one === payload.basis);
  const authorisedAt = instant(payload.authorisedAt);
  if (typeof id !== "string" || typeof basisEvent !== "string" || !basis || !authorisedAt) return undefined;
  if (typeof checks !== "number" || typeof notEvaluated !== "number") return undefined;
  return {
    id,
    basis,
    basisEvent,
    campaign: typeof campaign === "string" ? campaign : null,
    checks,
    notEvaluated,
    authorisedAt,
  };
}

/** Id of a number of the organisation's own people, and when it was declared. */
function readOwnNumber({ payload, at }: ProvedRow): [string, Date] | undefined {
  const data = isObject(payload) && payload.type === "own_number.declared" ? payload.data : undefined;
  const since = instant(at);
  return isObject(data) && typeof data.own === "string" && since ? [data.own, since] : undefined;
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
