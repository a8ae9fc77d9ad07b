import type { messages } from "@/db/schema/sending";

/** What a message is for. All but those of campaigns go to one person alone. */
export type MessageKind = (typeof messages.$inferSelect)["kind"];

/** What allows a message (compliance I1). */
export type Basis = (typeof messages.$inferSelect)["basis"];

export type MessageState = (typeof messages.$inferSelect)["state"];

export const messageStates = [
  "planned",
  "queued",
  "sending",
  "accepted",
  "sent",
  "delivered",
  "read",
  "failed",
  "rejected",
  "skipped",
  "held_out",
  "cancelled",
  "missed_deadline",
  "no_status",
  "unknown",
  "unknown_final",
] as const satisfies readonly MessageState[];

/** States a message can still leave by our own doing. While one of them is not empty, the campaign has not finished sending. */
export const openStates = ["planned", "queued", "sending"] as const satisfies readonly MessageState[];

/** Meta took it: whoever is here was written to, or may have been. */
export const sentStates = [
  "accepted",
  "sent",
  "delivered",
  "read",
  "failed",
  "no_status",
  "unknown",
  "unknown_final",
] as const satisfies readonly MessageState[];

export type StateCounts = Record<MessageState, number>;

/** A count for every state, so that no reader has to guess what a missing one means. */
export function stateCounts(rows: readonly { state: MessageState; count: number }[]): StateCounts {
  const counts = Object.fromEntries(messageStates.map((state) => [state, 0])) as StateCounts; // every key is set just now
  for (const { state, count } of rows) counts[state] += count;
  return counts;
}

/** The books (README.md, States): recipients = the sum over all states, at every moment. */
export function booksClose(recipients: number, counts: StateCounts): boolean {
  return messageStates.reduce((sum, state) => sum + counts[state], 0) === recipients;
}
