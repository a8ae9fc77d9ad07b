import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { attributeConversions } from "@/lib/tracking/commands/attribute-conversions";
import { takeLook } from "./take-look";

/** Batches of conversions that are settled before a look; beyond it the look waits for the next run. */
const MAX_ATTRIBUTION_BATCHES = 500;

/**
 * Takes every look that is due in business time, after settling whose the orders are that have arrived. Safe to repeat and
 * to run twice at once.
 *
 * @returns the campaigns that were concluded
 */
export async function takeDueLooks(ctx: Context): Promise<string[]> {
  authorize(ctx, "job.run");
  const due = await ctx.db.execute<{ id: string }>(sql`
    select id from campaigns where status = 'measuring' and measuring_until <= ${ctx.now()}::timestamptz
    order by measuring_until, id`);
  if (due.length === 0) return [];
  for (let batch = 0; (await attributeConversions(ctx)) > 0; batch++) if (batch >= MAX_ATTRIBUTION_BATCHES) return [];
  const concluded: string[] = [];
  for (const { id } of due) {
    const look = await takeLook(ctx, { campaignId: id });
    if (look.kind === "taken") concluded.push(id);
  }
  return concluded;
}
