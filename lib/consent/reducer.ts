import type { ConsentAct, ConsentFact, ConsentPolicy, ConsentState } from "./consent";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** At equal times the restrictive act comes last and wins. */
const RANK: Readonly<Record<ConsentAct, number>> = {
  request: 0,
  confirm: 1,
  grant: 1,
  renew: 1,
  deny: 2,
  withdraw: 3,
  invalidate: 3,
};

/**
 * The state of one contact, purpose and channel at `at`, from all its events in order of arrival. Pure: the projection in
 * the database must equal it. The rules are numbered as in compliance/design.md 1.4; days have 24 hours.
 */
export function fold<Fact extends ConsentFact>(policy: ConsentPolicy, events: readonly Fact[], at: Date): ConsentState {
  let state: ConsentState = { status: "none", expiresAt: null, pendingUntil: null };
  for (const event of inOrder(events, at)) {
    state = act(policy, expire(state, event.occurredAt), event);
  }
  return expire(state, at);
}

/** Rule 1. The sort is stable, so that arrival decides last. */
function inOrder<Fact extends ConsentFact>(events: readonly Fact[], at: Date): Fact[] {
  return events
    .filter((event) => event.occurredAt <= at)
    .sort((one, other) => +one.occurredAt - +other.occurredAt || RANK[one.act] - RANK[other.act]);
}

/** Rule 2. */
function expire(state: ConsentState, at: Date): ConsentState {
  const over =
    (state.status === "granted" && state.expiresAt !== null && state.expiresAt <= at) ||
    (state.status === "pending" && state.pendingUntil !== null && state.pendingUntil < at);
  return over ? ended("expired") : state;
}

function act(policy: ConsentPolicy, state: ConsentState, event: ConsentFact): ConsentState {
  switch (event.act) {
    case "grant":
      return policy.doubleOptIn || !event.complete ? request(policy, state, event) : grant(policy, state, event);
    case "request":
      return request(policy, state, event);
    case "confirm": // rule 6
      return event.sourceClass === "A" && state.status === "pending" ? granted(policy, event.occurredAt) : state;
    case "renew": // rule 7
      return event.sourceClass === "A" && state.status === "granted" ? extended(policy, state, event) : state;
    case "deny": // rule 8
      if (state.status === "granted") return ended("withdrawn");
      return state.status === "withdrawn" || state.status === "invalidated" ? state : ended("denied");
    case "withdraw": // rule 9
      return ended("withdrawn");
    case "invalidate": // rule 10
      return state.status === "granted" || state.status === "pending" ? ended("invalidated") : state;
  }
}

/** Rule 4, for a complete grant where no second confirmation is asked. */
function grant(policy: ConsentPolicy, state: ConsentState, event: ConsentFact): ConsentState {
  if (state.status === "granted") return event.sourceClass === "A" ? extended(policy, state, event) : state;
  return mayReopen(state, event) ? granted(policy, event.occurredAt) : state;
}

/** Rule 5. */
function request(policy: ConsentPolicy, state: ConsentState, event: ConsentFact): ConsentState {
  if (state.status === "granted" || !mayReopen(state, event)) return state;
  const pendingUntil = new Date(+event.occurredAt + policy.pendingHours * HOUR_MS);
  return { status: "pending", expiresAt: null, pendingUntil };
}

/** Rule 3: after a refusal only an act of the person opens the matter again; what others report never does. */
function mayReopen(state: ConsentState, event: ConsentFact): boolean {
  const closed = state.status === "withdrawn" || state.status === "denied" || state.status === "invalidated";
  return !closed || event.sourceClass === "A";
}

function granted(policy: ConsentPolicy, at: Date): ConsentState {
  return { status: "granted", expiresAt: new Date(+at + policy.validityDays * DAY_MS), pendingUntil: null };
}

/** A longer term, never a shorter one. */
function extended(policy: ConsentPolicy, state: ConsentState, event: ConsentFact): ConsentState {
  const renewed = granted(policy, event.occurredAt);
  return state.expiresAt && renewed.expiresAt && state.expiresAt > renewed.expiresAt ? state : renewed;
}

function ended(status: "denied" | "withdrawn" | "expired" | "invalidated"): ConsentState {
  return { status, expiresAt: null, pendingUntil: null };
}
