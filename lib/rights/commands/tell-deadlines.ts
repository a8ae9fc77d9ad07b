import { isNull, sql } from "drizzle-orm";
import { breaches } from "@/db/schema/rights";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import type { NewNotice } from "@/lib/notices/notice";
import { breachNotice, requestNotice } from "../deadlines";
import type { RequestKind } from "../request";

/**
 * Tells officers of requests whose time is running out, once for each day that is left, and of breaches at each stage of their
 * 72 hours. Who dismissed a notice hears of it again when the next day or stage comes.
 */
export async function tellDeadlines(ctx: Context): Promise<void> {
  authorize(ctx, "notice.raise");
  const requests = await ctx.db.execute<{ id: string; kind: RequestKind; due: string }>(sql`
    select id, kind, due_at as due from rights_requests where closed_at is null order by due_at`);
  for (const { id, kind, due } of requests)
    await tell(ctx, requestNotice({ requestId: id, kind, dueAt: new Date(due) }, ctx.now()));
  for (const breach of await ctx.db.select().from(breaches).where(isNull(breaches.closedAt)))
    await tellBreach(ctx, breach);
}

/** What is to be said of one breach now; nothing any more once the authority was told or it is written why not. */
export async function tellBreach(ctx: Context, breach: typeof breaches.$inferSelect): Promise<void> {
  authorize(ctx, "notice.raise");
  const notice = breachNotice(breach, ctx.now());
  if (notice) await tell(ctx, notice);
  else await resolveNotice(ctx, `breach_clock ${breach.id}`);
}

async function tell(ctx: Context, notice: NewNotice | undefined): Promise<void> {
  if (!notice) return;
  const [known] = await ctx.db.execute(sql`
    select 1 from notices where key = ${notice.key} and kind = ${notice.kind} and params = ${JSON.stringify(notice.params)}::jsonb`);
  if (!known) await raiseNotice(ctx, notice);
}
