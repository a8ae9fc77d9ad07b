import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { daysLeft, type RequestKind, type RequestStatus, urgencyOf } from "../request";

export interface RequestSummary {
  requestId: string;
  contactId: string;
  kind: RequestKind;
  status: RequestStatus;
  receivedAt: Date;
  dueAt: Date;
  /** Negative: overdue since so many days. */
  daysLeft: number;
  urgency: "overdue" | "soon" | "later";
  assignee: string | null;
  closedAt: Date | null;
}

interface Row extends Record<string, unknown> {
  id: string;
  contact: string;
  kind: RequestKind;
  status: RequestStatus;
  received: string;
  due: string;
  assignee: string | null;
  closed: string | null;
}

const CLOSED_SHOWN = 50;

/** What waits, the least time left first; then the last that were closed. */
export async function listRequests(ctx: Context): Promise<{ open: RequestSummary[]; closed: RequestSummary[] }> {
  authorize(ctx, "rights.handle");
  const rows = await ctx.db.execute<Row>(sql`
    select * from (
      select r.id, r.contact_id as contact, r.kind, r.status, r.received_at as received, r.due_at as due, r.closed_at as closed,
        u.name as assignee, row_number() over (partition by r.closed_at is null order by r.closed_at desc) as n
      from rights_requests r left join users u on u.id = r.assigned_to
    ) as ranked
    where closed is null or n <= ${CLOSED_SHOWN}::int order by closed desc nulls first, due, id`);
  const now = ctx.now();
  const all = rows.map((row): RequestSummary => {
    const due = new Date(row.due);
    return {
      requestId: row.id,
      contactId: row.contact,
      kind: row.kind,
      status: row.status,
      receivedAt: new Date(row.received),
      dueAt: due,
      daysLeft: daysLeft(due, now),
      urgency: urgencyOf(due, now),
      assignee: row.assignee,
      closedAt: row.closed === null ? null : new Date(row.closed),
    };
  });
  return { open: all.filter(({ closedAt }) => !closedAt), closed: all.filter(({ closedAt }) => closedAt) };
}
