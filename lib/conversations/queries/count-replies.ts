import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ReplyClass } from "../reply-classes";

/** More than so many need no counting on every page. */
const MOST_COUNTED = 1_000;

/** Answers that nobody has read or handled, up to a thousand: the figure on the rail. */
export async function countUnreadReplies(ctx: Context): Promise<number> {
  authorize(ctx, "conversation.read");
  const [row] = await ctx.db.execute<{ n: number }>(sql`
    select count(*)::int as n from (select 1 from inbound_messages
      where handled_at is null and reply_class is not null and seen_at is null limit ${MOST_COUNTED}::int) unread`);
  return row?.n ?? 0;
}

export interface ReplyCounts {
  unread: number;
  /** Not handled, read or not. */
  open: number;
  /** Of the open ones. */
  byClass: Record<ReplyClass, number>;
}

/** What waits, of one campaign or of all. */
export async function countReplies(ctx: Context, { campaignId }: { campaignId?: string } = {}): Promise<ReplyCounts> {
  authorize(ctx, "conversation.read");
  const rows = await ctx.db.execute<{ class: string; open: number; unread: number }>(sql`
    select reply_class as class, count(*)::int as open, count(*) filter (where seen_at is null)::int as unread
    from inbound_messages where handled_at is null and reply_class is not null
      and ${campaignId === undefined ? sql`true` : sql`campaign_id = ${campaignId}::uuid`} group by 1`);
  const of = (name: string) => rows.find((row) => row.class === name)?.open ?? 0;
  return {
    unread: rows.reduce((sum, row) => sum + row.unread, 0),
    open: rows.reduce((sum, row) => sum + row.open, 0),
    byClass: {
      positive: of("positive"),
      question: of("question"),
      complaint: of("complaint"),
      opt_out: of("opt_out"),
      automatic: of("automatic"),
      other: of("other"),
    },
  };
}
