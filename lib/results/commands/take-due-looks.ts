import { sql } from "drizzle-orm";
import { nextLook, type TakenLook } from "@/lib/experiments/method";
import { experimentPlan } from "@/lib/experiments/plan";
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
  const due = await listDue(ctx);
  if (due.length === 0) return [];
  for (let batch = 0; (await attributeConversions(ctx)) > 0; batch++) if (batch >= MAX_ATTRIBUTION_BATCHES) return [];
  const concluded: string[] = [];
  for (const campaignId of due) {
    const look = await takeLook(ctx, { campaignId });
    if (look.kind === "taken" && look.isLast) concluded.push(campaignId);
  }
  return concluded;
}

interface MeasuringRow extends Record<string, unknown> {
  id: string;
  ended: string;
  until: string;
  plan: unknown;
  taken: TakenLook[];
}

/** Campaigns with a look whose time has come. `takeLook` asks again, with the campaign's row in its hand. */
async function listDue(ctx: Context): Promise<string[]> {
  const rows = await ctx.db.execute<MeasuringRow>(sql`
    select c.id, c.sending_ended_at as ended, c.measuring_until as until, p.plan,
      coalesce((select json_agg(json_build_object('n', l.n,
          'isStop', coalesce((l.record->'monitoring'->>'isStop')::boolean, false)))
        from looks l where l.campaign_id = c.id), '[]') as taken
    from campaigns c join campaign_plans p on p.campaign_id = c.id
    where c.status = 'measuring' order by c.measuring_until, c.id`);
  const now = ctx.now();
  return rows.flatMap(({ id, ended, until, plan, taken }) => {
    const span = { from: new Date(ended), until: new Date(until), taken, now };
    const look = nextLook(experimentPlan.parse(plan), span);
    return look && look.plannedAt <= now ? [id] : [];
  });
}
