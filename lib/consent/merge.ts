import type { ConsentEventType, ConsentStatus } from "./consent";

/** A purpose's state on both sides of a merge, as it is now. */
export interface MergingState {
  into: ConsentStatus;
  from: ConsentStatus;
}

/** How much a state restricts. `none` says nothing, so it restricts nobody else's word and is restricted by none. */
const RESTRICTS: Readonly<Record<ConsentStatus, number>> = {
  none: 0,
  granted: 1,
  pending: 2,
  expired: 3,
  invalidated: 4,
  denied: 5,
  withdrawn: 6,
};

/**
 * What must be recorded for the contact that lives on, so that its state is the more restrictive of the two (compliance 1.1).
 * Undefined: its own state stands. A merge never grants: where the one that lives on has no state, an agreement of the other
 * stays where it was given.
 */
export function mergingAct({ into, from }: MergingState): ConsentEventType | undefined {
  if (RESTRICTS[from] <= RESTRICTS[into]) return undefined;
  if (from === "withdrawn") return "withdrawn";
  if (from === "denied") return "denied"; // which withdraws what was granted
  if (from === "invalidated") return into === "granted" || into === "pending" ? "invalidated" : "denied";
  return into === "granted" ? "invalidated" : undefined; // an open question or a lapsed consent ends a consent and nothing else
}
