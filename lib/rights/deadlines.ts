import type { NewNotice } from "@/lib/notices/notice";
import { breachClock } from "./breach";
import { daysLeft, type RequestKind, urgencyOf } from "./request";

/** What officers are told of an open request: nothing while more than a week is left. */
export function requestNotice(
  { requestId, kind, dueAt }: { requestId: string; kind: RequestKind; dueAt: Date },
  now: Date,
): NewNotice | undefined {
  const urgency = urgencyOf(dueAt, now);
  if (urgency === "later") return undefined;
  const about = { key: requestDueKey(requestId), subject: { type: "request", id: requestId } } as const;
  if (urgency === "overdue") return { ...about, kind: "request_overdue", params: { kind } };
  return { ...about, kind: "request_due", params: { kind, days: daysLeft(dueAt, now) } };
}

export function requestDueKey(requestId: string): string {
  return `request_due ${requestId}`;
}

/** What officers are told of a breach: nothing once the authority was told, or it is written why not, or it is closed. */
export function breachNotice(
  breach: { id: string } & Parameters<typeof breachClock>[0],
  now: Date,
): NewNotice | undefined {
  const clock = breachClock(breach, now);
  if (breach.closedAt || (clock.kind !== "running" && clock.kind !== "overdue")) return undefined;
  const stage = clock.kind === "overdue" ? "overdue" : clock.urgency;
  return {
    kind: "breach_clock",
    key: `breach_clock ${breach.id}`,
    subject: { type: "breach", id: breach.id },
    params: { stage },
  };
}
