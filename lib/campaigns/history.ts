import type { Difference } from "./edit";

export interface HistoryItem {
  id: string;
  at: Date;
  actorId: string | null;
  actorName: string | null;
  /** `created`, `edited`, `review_requested`, `approved`, `changes_asked`, `approval_voided`, `launched`, … */
  type: string;
  data: Record<string, unknown>;
  /** Of edits: what is different now, first value against last. */
  changes: Difference[];
}

/** Autosave writes often: edits of one person that follow each other within this time are one line to read. */
const ONE_SITTING_MS = 10 * 60_000;

/** Joins what belongs to one sitting. Items come newest first and stay so; an edit that was undone leaves no line. */
export function bySitting(items: readonly HistoryItem[]): HistoryItem[] {
  const joined: HistoryItem[] = [];
  for (const item of items) {
    const later = joined.at(-1);
    if (later && isSameSitting(item, later)) joined[joined.length - 1] = { ...later, changes: chained(item, later) };
    else joined.push(item);
  }
  return joined.filter(({ type, changes }) => type !== "edited" || changes.length > 0);
}

function isSameSitting(earlier: HistoryItem, later: HistoryItem): boolean {
  const isEdit = earlier.type === "edited" && later.type === "edited" && earlier.actorId === later.actorId;
  return isEdit && later.at.getTime() - earlier.at.getTime() <= ONE_SITTING_MS;
}

function chained(earlier: HistoryItem, later: HistoryItem): Difference[] {
  const fields = new Map(earlier.changes.map((change) => [change.field, change]));
  for (const change of later.changes)
    fields.set(change.field, { ...change, from: fields.get(change.field)?.from ?? change.from });
  return [...fields.values()].filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}
