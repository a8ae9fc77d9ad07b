import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { NewNotice } from "../notice";

/**
 * Tells people something. While one with the same key is open, it is that one again: its words and its time are renewed.
 * Answers whether it is told for the first time.
 */
export async function raiseNotice(ctx: Context, { kind, key, subject, params = {} }: NewNotice): Promise<boolean> {
  authorize(ctx, "notice.raise");
  const [notice] = await ctx.db.execute<{ count: number }>(sql`
    insert into notices as n (id, key, kind, subject_type, subject_id, params, raised_at, last_at)
    values (${newId()}::uuid, ${key}, ${kind}, ${subject?.type ?? null}, ${subject?.id ?? null}::uuid,
      ${JSON.stringify(params)}::jsonb, ${ctx.now()}::timestamptz, ${ctx.now()}::timestamptz)
    on conflict (key) where resolved_at is null
    do update set count = n.count + 1, last_at = excluded.last_at, params = excluded.params, kind = excluded.kind
    returning count`);
  return notice?.count === 1;
}
