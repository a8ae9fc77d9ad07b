import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { NewNotice } from "../notice";

/** Tells people something. While one with the same key is open, it is that one again: its words and its time are renewed. */
export async function raiseNotice(ctx: Context, { kind, key, subject, params = {} }: NewNotice): Promise<void> {
  authorize(ctx, "notice.raise");
  await ctx.db.execute(sql`
    insert into notices as n (id, key, kind, subject_type, subject_id, params, raised_at, last_at)
    values (${newId()}::uuid, ${key}, ${kind}, ${subject?.type ?? null}, ${subject?.id ?? null}::uuid,
      ${JSON.stringify(params)}::jsonb, ${ctx.now()}::timestamptz, ${ctx.now()}::timestamptz)
    on conflict (key) where resolved_at is null
    do update set count = n.count + 1, last_at = excluded.last_at, params = excluded.params, kind = excluded.kind`);
}
