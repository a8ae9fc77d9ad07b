import {
  actOf,
  type ConsentEventType,
  type ConsentFact,
  type ConsentPolicy,
  type ConsentScope,
  type ConsentStatus,
  type SourceClass,
} from "./consent";
import { fold } from "./reducer";

/** What a purpose brings to the question whether somebody agreed to it. */
export interface PurposePolicy extends ConsentPolicy {
  purposeId: string;
  isMarketing: boolean;
}

/** An event of one contact, in order of arrival. */
export interface HistoryEvent {
  id: string;
  type: ConsentEventType;
  purposeId: string | null;
  scope: ConsentScope;
  sourceClass: SourceClass;
  isComplete: boolean;
  wordingVersionId: string | null;
  occurredAt: Date;
  recordedAt: Date;
}

/** A row of `consent_state`: the state after the contact's last event, from which time alone leads on (`statusAt`). */
export interface ProjectedState {
  purposeId: string;
  status: ConsentStatus;
  basisEventId: string | null;
  wordingVersionId: string | null;
  expiresAt: Date | null;
  pendingUntil: Date | null;
  lastOccurredAt: Date;
  updatedAt: Date;
}

/**
 * The rows of one contact, from its events alone: whoever drops and rebuilds them gets the very same ones (I5), whatever
 * the time of day.
 */
export function projectStates(purposes: readonly PurposePolicy[], events: readonly HistoryEvent[]): ProjectedState[] {
  return purposes.flatMap((purpose) => {
    const own = events.filter((event) => concerns(event, purpose));
    const facts = own.flatMap((event) => factOf(event));
    const last = facts.reduce<Date | undefined>((latest, { occurredAt }) => later(latest, occurredAt), undefined);
    if (!last) return [];
    const state = fold(purpose, facts, last);
    const basis = state.status === "granted" ? basisOf(purpose, facts, state.expiresAt) : undefined;
    const updatedAt =
      own.reduce<Date | undefined>((latest, event) => later(latest, event.recordedAt), undefined) ?? last;
    const wording = basis && (basis.event.wordingVersionId ?? wordingBefore(facts, basis));
    return [
      {
        purposeId: purpose.purposeId,
        ...state,
        basisEventId: basis?.event.id ?? null,
        wordingVersionId: wording ?? null,
        lastOccurredAt: last,
        updatedAt,
      },
    ];
  });
}

/** The status at a moment after the last event: what expired since, has (rule 2 of the reducer). */
export function statusAt(
  state: Pick<ProjectedState, "status" | "expiresAt" | "pendingUntil">,
  at: Date,
): ConsentStatus {
  if (state.status === "granted" && state.expiresAt && state.expiresAt <= at) return "expired";
  return state.status === "pending" && state.pendingUntil && state.pendingUntil < at ? "expired" : state.status;
}

interface Fact extends ConsentFact {
  event: HistoryEvent;
}

function concerns({ scope, purposeId }: HistoryEvent, purpose: PurposePolicy): boolean {
  if (scope === "purpose") return purposeId === purpose.purposeId;
  return scope === "all" || purpose.isMarketing;
}

function factOf(event: HistoryEvent): Fact[] {
  const act = actOf[event.type];
  const { occurredAt, sourceClass, isComplete } = event;
  return act ? [{ act, occurredAt, sourceClass, complete: isComplete, event }] : [];
}

/** The consent that a granted state rests on: the latest of the acts whose term is the state's term. */
function basisOf(policy: PurposePolicy, facts: readonly Fact[], expiresAt: Date | null): Fact | undefined {
  const termMs = policy.validityDays * 86_400_000;
  return facts.findLast(
    ({ act, occurredAt, complete, sourceClass }) =>
      (act === "confirm" || act === "renew" ? sourceClass === "A" : act === "grant" && complete) &&
      expiresAt?.getTime() === occurredAt.getTime() + termMs,
  );
}

/** A confirmation answers the question that was asked before it, under that question's wording. */
function wordingBefore(facts: readonly Fact[], basis: Fact): string | null {
  const asked = facts.filter(
    ({ occurredAt, event }) => occurredAt <= basis.occurredAt && event.wordingVersionId !== null,
  );
  asked.sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
  return asked.at(-1)?.event.wordingVersionId ?? null;
}

function later(one: Date | undefined, other: Date): Date {
  return one && one > other ? one : other;
}
