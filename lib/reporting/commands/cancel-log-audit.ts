import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** Ends the recomputation that is under way at its next page; what it found so far is not kept. None: nothing happens. */
export async function cancelLogAudit(ctx: Context): Promise<void> {
  authorize(ctx, "proof.read");
  await ctx.db.execute(sql`update log_audits set cancel_asked_at = now() where ended_at is null`);
}
