import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface TemplateSends {
  sent: number;
  delivered: number;
  read: number;
}

/** What our own webhooks counted for a template since a UTC day (`YYYY-MM-DD`), of all campaigns that speak it. */
export async function countTemplateSends(
  ctx: Context,
  { templateId, since }: { templateId: string; since: string },
): Promise<TemplateSends> {
  authorize(ctx, "campaign.read");
  const [counted] = await ctx.db.execute<Record<keyof TemplateSends, number>>(sql`
    select count(m.sent_at)::int as sent, count(m.delivered_at)::int as delivered, count(m.read_at)::int as read
    from messages m
    where m.campaign_id in (select campaign_id from campaign_variants where template_id = ${templateId}::uuid)
      and m.template_id = ${templateId}::uuid and m.sent_at >= ${`${since}T00:00:00Z`}::timestamptz`);
  return counted ?? { sent: 0, delivered: 0, read: 0 };
}
