import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { advanceCampaign } from "@/lib/campaigns/commands/advance-campaign";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/**
 * Stops the campaigns of messages that Meta parked to see how a template is received (whatsapp/cloud-api.md 6): pacing
 * meets one variant only, so the others would go on to people at another time, and the comparison would be biased.
 */
export async function freezeHeld(ctx: Context, lane: number, attemptIds: readonly string[]): Promise<void> {
  authorize(ctx, "job.run");
  if (attemptIds.length === 0) return;
  const held = await ctx.db.execute<{ campaign_id: string }>(sql`
    select distinct m.campaign_id
    from send_attempts a
    join messages m on m.lane = a.lane and m.id = a.message_id
    join campaigns c on c.id = m.campaign_id
    where a.lane = ${lane}::smallint and a.id = any(${array([...attemptIds], "uuid")}) and c.status = 'sending'
      and (select count(*) from campaign_variants v where v.campaign_id = c.id) > 1`);
  for (const { campaign_id: campaignId } of held)
    await advanceCampaign(ctx, { campaignId, from: "sending", to: "frozen", reason: "template_held" });
}
