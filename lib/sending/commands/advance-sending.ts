import { sql } from "drizzle-orm";
import { advanceCampaign } from "@/lib/campaigns/commands/advance-campaign";
import { holdLateStart } from "@/lib/campaigns/commands/hold-late-start";
import { campaignSchedule, isTooLate } from "@/lib/campaigns/schedule";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { openStates } from "../message";
import { planCampaign } from "./plan-campaign";

const HOUR_MS = 3_600_000;

/**
 * The steps of a campaign between launch and measuring, for whatever is due now: plan when grace and start have come, make
 * planned messages due, and end sending when no message can leave any more. Every step may be repeated.
 */
export async function advanceSending(ctx: Context): Promise<void> {
  authorize(ctx, "job.run");
  await planDueCampaigns(ctx);
  await releasePlannedMessages(ctx);
  await endFinishedSending(ctx);
}

async function planDueCampaigns(ctx: Context): Promise<void> {
  const now = ctx.now();
  const due = await ctx.db.execute<{
    id: string;
    due_at: string;
    schedule: unknown;
    speed: number;
    may_be_late: boolean;
  }>(sql`
    select id, greatest(starts_at, grace_until) as due_at, schedule, late_accepted_at is not null as may_be_late,
      coalesce((select speed from app_clock), 1) as speed
    from campaigns where status = 'scheduled' and grace_until <= ${now}::timestamptz
      and (starts_at is null or starts_at <= ${now}::timestamptz) order by grace_until`);
  for (const { id, due_at, schedule, speed, may_be_late: mayBeLate } of due) {
    const dueAt = new Date(due_at);
    if (!mayBeLate && isTooLate(campaignSchedule.parse(schedule), { dueAt, now, speed }))
      await holdLateStart(ctx, { campaignId: id, dueAt });
    else await planCampaign(ctx, { campaignId: id });
  }
}

async function releasePlannedMessages(ctx: Context): Promise<void> {
  const waiting = await ctx.db.execute<{ id: string }>(sql`
    select c.id from campaigns c where c.status = 'sending'
      and exists (select 1 from messages m where m.campaign_id = c.id and m.state = 'planned')`);
  for (const { id } of waiting) {
    for (let lane = 0; lane < LANES; lane++) {
      await ctx.db.execute(sql`select release_messages(${lane}::smallint, ${id}::uuid)`);
    }
  }
}

async function endFinishedSending(ctx: Context): Promise<void> {
  const open = sql.join(
    openStates.map((state) => sql`${state}`),
    sql`, `,
  );
  const finished = await ctx.db.execute<{ id: string; window_hours: number }>(sql`
    select c.id, (p.plan->>'windowHours')::int as window_hours
    from campaigns c join campaign_plans p on p.campaign_id = c.id
    where c.status = 'sending'
      and not exists (select 1 from messages m where m.campaign_id = c.id and m.state in (${open}))`);
  for (const { id, window_hours: hours } of finished) {
    const measuringUntil = new Date(ctx.now().getTime() + hours * HOUR_MS);
    await advanceCampaign(ctx, { campaignId: id, from: "sending", to: "measuring", measuringUntil });
  }
}
