import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize, grantOf } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type NoticeKind, type NoticeLevel, noticeKind, noticeKindNames, noticeKinds } from "../notice";

const SHOWN = 100;
const KEPT_DAYS = 30;

export interface NoticeView {
  id: string;
  kind: NoticeKind;
  level: NoticeLevel;
  subject: { type: string; id: string | null } | null;
  params: Record<string, string | number>;
  /** How often it was told since it is open. */
  count: number;
  raisedAt: Date;
  lastAt: Date;
  resolvedAt: Date | null;
  /** Null: it was mended by itself, or is open. */
  resolvedBy: string | null;
}

interface Row extends Record<string, unknown> {
  id: string;
  kind: string;
  subject_type: string | null;
  subject_id: string | null;
  params: Record<string, string | number>;
  count: number;
  raised_at: string;
  last_at: string;
  resolved_at: string | null;
  resolved_by: string | null;
}

/** What this person may know of: open ones first, newest first, then what was closed in the last thirty days. */
export async function listNotices(ctx: Context): Promise<NoticeView[]> {
  authorize(ctx, "notice.read");
  const since = new Date(ctx.now().getTime() - KEPT_DAYS * 86_400_000);
  const rows = await ctx.db.execute<Row>(sql`
    select n.id, n.kind, n.subject_type, n.subject_id, n.params, n.count, n.raised_at, n.last_at, n.resolved_at,
      u.name as resolved_by
    from notices n left join users u on u.id = n.resolved_by
    where n.kind = any(${array(visibleKinds(ctx), "text")})
      and (n.resolved_at is null or n.resolved_at >= ${since}::timestamptz)
    order by n.resolved_at is not null, n.last_at desc, n.id limit ${SHOWN}::int`);
  return rows.flatMap((row) => viewOf(row) ?? []);
}

/** How many are open for this person: the figure on the bell. */
export async function countNotices(ctx: Context): Promise<number> {
  authorize(ctx, "notice.read");
  const [row] = await ctx.db.execute<{ count: number }>(sql`
    select count(*)::int as count from notices
    where resolved_at is null and kind = any(${array(visibleKinds(ctx), "text")})`);
  return row?.count ?? 0;
}

function visibleKinds(ctx: Context): NoticeKind[] {
  return noticeKindNames.filter((name) => grantOf(ctx.actor, noticeKinds[name].permission) !== undefined);
}

function viewOf(row: Row): NoticeView | undefined {
  const kind = noticeKind(row.kind);
  return (
    kind && {
      id: row.id,
      kind: kind.name,
      level: kind.level,
      subject: row.subject_type === null ? null : { type: row.subject_type, id: row.subject_id },
      params: row.params,
      count: row.count,
      raisedAt: new Date(row.raised_at),
      lastAt: new Date(row.last_at),
      resolvedAt: row.resolved_at === null ? null : new Date(row.resolved_at),
      resolvedBy: row.resolved_by,
    }
  );
}
