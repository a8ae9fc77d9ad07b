import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { DeadItem, Placed, SealedBody } from "../placed";

export type BodyStatus = "done" | "dead" | "ignored";

/** A round of dispatching, at its end. */
export interface EndedRound {
  rows: readonly SealedBody[];
  ours: readonly Placed[];
  foreign: readonly Placed[];
  dead: readonly DeadItem[];
  /** Of the bodies that are not simply done, by inbox id. */
  statuses: ReadonlyMap<string, BodyStatus>;
}

/** Counts a round into its hour: items by kind and end, bodies as kind `body`; fields that nothing here knows by name. */
export async function countArrivals(ctx: Context, { rows, ours, foreign, dead, statuses }: EndedRound): Promise<void> {
  authorize(ctx, "job.run");
  const counts = new Map<string, number>();
  const add = (kind: string, status: string, n = 1) => {
    const key = `${kind} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + n);
  };
  for (const { id } of rows) add("body", statuses.get(id) ?? "done");
  for (const { item } of ours) add(item.kind, "done");
  for (const { item } of foreign) add(item.kind, "ignored");
  for (const { kind } of dead) {
    if (kind === "body") continue; // counted with the bodies
    add(kind, "dead");
    add(kind, "done", -1);
  }
  // One order for everybody: two workers that count the same hour must not wait for each other.
  const sorted = [...counts].filter(([, n]) => n !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  await ctx.db.execute(sql`
    insert into webhook_counts as c (hour, kind, status, count)
    select date_trunc('hour', ${ctx.now()}::timestamptz), split_part(d.key, ' ', 1), split_part(d.key, ' ', 2), d.n
    from unnest(${array(
      sorted.map(([key]) => key),
      "text",
    )}, ${array(
      sorted.map(([, n]) => n),
      "int",
    )}) as d(key, n)
    on conflict (hour, kind, status) do update set count = c.count + excluded.count`);
  await countUnknowns(ctx, ours);
}

async function countUnknowns(ctx: Context, ours: readonly Placed[]): Promise<void> {
  const fields = new Map<string, number>();
  for (const { item } of ours) {
    if (item.kind !== "unknown") continue;
    const field = item.field.slice(0, 100);
    fields.set(field, (fields.get(field) ?? 0) + 1);
  }
  if (fields.size === 0) return;
  const sorted = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  await ctx.db.execute(sql`
    insert into webhook_unknowns as u (field, count, last_at)
    select d.field, d.n, ${ctx.now()}::timestamptz from unnest(${array(
      sorted.map(([field]) => field),
      "text",
    )}, ${array(
      sorted.map(([, n]) => n),
      "int",
    )}) as d(field, n)
    on conflict (field) do update set count = u.count + excluded.count, last_at = excluded.last_at`);
}
