import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";

const LISTED = 200;

export interface QuarantinedItem {
  inboxId: string;
  position: number;
  /** Of the item; `body` for one that could not be read at all. */
  kind: string;
  error: string;
  at: Date;
  replays: number;
  /** Asked for and not tried yet. */
  isReplaying: boolean;
}

export interface WebhookHealth {
  numbers: { id: string; displayNumber: string; verifiedName: string; lastWebhookAt: Date | null }[];
  /** Of any number; null: nothing was ever heard. */
  lastAt: Date | null;
  /** Bodies that wait to be processed, and since when. */
  waiting: { count: number; since: Date | null };
  /** Bodies of the last 24 hours by what became of them, and items that were put aside. */
  lastDay: { done: number; ignored: number; dead: number; quarantined: number };
  /** Items of the last 24 hours by kind, most first. */
  kinds: { kind: string; count: number }[];
  unknownFields: { field: string; count: number; lastAt: Date }[];
  /** Open ones, newest first, at most 200; `quarantinedCount` counts all. */
  quarantine: QuarantinedItem[];
  quarantinedCount: number;
}

/** Whether webhooks arrive and what becomes of them. */
export async function getWebhookHealth(ctx: Context): Promise<WebhookHealth> {
  authorize(ctx, "number.read");
  const [numbers, waiting, counts, unknowns, open, [total]] = await Promise.all([
    listNumbers(ctx),
    ctx.db.execute<{ n: number; since: string | null }>(sql`
      select count(*)::int as n, min(received_at) as since from webhook_inbox where status = 'new'`),
    countsOfLastDay(ctx),
    ctx.db.execute<{ field: string; count: number; last_at: string }>(sql`
      select field, count, last_at from webhook_unknowns order by last_at desc limit ${LISTED}::int`),
    ctx.db.execute<DeadRow>(sql`
      select inbox_id, position, kind, error, at, replays, replay_asked_at is not null as is_replaying
      from webhook_dead_items where resolved_at is null order by at desc, inbox_id, position limit ${LISTED}::int`),
    ctx.db.execute<{ n: number }>(sql`select count(*)::int as n from webhook_dead_items where resolved_at is null`),
  ]);
  const bodies = (status: string) => counts.find((row) => row.kind === "body" && row.status === status)?.count ?? 0;
  const items = counts.filter(({ kind }) => kind !== "body");
  const heard = numbers.flatMap(({ lastWebhookAt }) => (lastWebhookAt ? [lastWebhookAt.getTime()] : []));
  const [queue] = waiting;
  return {
    numbers: numbers.map(({ id, displayNumber, verifiedName, lastWebhookAt }) => ({
      id,
      displayNumber,
      verifiedName,
      lastWebhookAt,
    })),
    lastAt: heard.length > 0 ? new Date(Math.max(...heard)) : null,
    waiting: { count: queue?.n ?? 0, since: queue?.since ? new Date(queue.since) : null },
    lastDay: {
      done: bodies("done"),
      ignored: bodies("ignored"),
      dead: bodies("dead"),
      quarantined: items.filter(({ status }) => status === "dead").reduce((sum, { count }) => sum + count, 0),
    },
    kinds: byKind(items),
    unknownFields: unknowns.map(({ field, count, last_at }) => ({ field, count, lastAt: new Date(last_at) })),
    quarantine: open.map((row) => ({
      inboxId: row.inbox_id,
      position: row.position,
      kind: row.kind,
      error: row.error,
      at: new Date(row.at),
      replays: row.replays,
      isReplaying: row.is_replaying,
    })),
    quarantinedCount: total?.n ?? 0,
  };
}

interface DeadRow extends Record<string, unknown> {
  inbox_id: string;
  position: number;
  kind: string;
  error: string;
  at: string;
  replays: number;
  is_replaying: boolean;
}

interface Count extends Record<string, unknown> {
  kind: string;
  status: string;
  count: number;
}

/** Whole hours, so up to 25 of them: nothing of the last day is missing. */
async function countsOfLastDay(ctx: Context): Promise<Count[]> {
  return ctx.db.execute<Count>(sql`
    select kind, status, sum(count)::int as count from webhook_counts
    where hour >= date_trunc('hour', ${ctx.now()}::timestamptz - interval '24 hours') group by kind, status`);
}

function byKind(items: readonly Count[]): { kind: string; count: number }[] {
  const sums = new Map<string, number>();
  for (const { kind, count } of items) sums.set(kind, (sums.get(kind) ?? 0) + count);
  return [...sums].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
}
