import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** Notes down that the whole log is to be recomputed. False: that is under way already, and one runs at a time. Real time. */
export async function openLogAudit(ctx: Context): Promise<boolean> {
  authorize(ctx, "proof.read");
  const askedBy = ctx.actor.kind === "user" ? ctx.actor.userId : null;
  const added = await ctx.db.execute(sql`
    insert into log_audits (id, asked_by, asked_at, state) values (${newId()}, ${askedBy}::uuid, now(), 'waiting')
    on conflict do nothing returning id`);
  return added.length > 0;
}
