import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** Closes the open notice with this key, because what it told of is mended. None open: nothing happens. */
export async function resolveNotice(ctx: Context, key: string): Promise<void> {
  authorize(ctx, "notice.raise");
  await ctx.db.execute(sql`
    update notices set resolved_at = ${ctx.now()}::timestamptz where key = ${key} and resolved_at is null`);
}
