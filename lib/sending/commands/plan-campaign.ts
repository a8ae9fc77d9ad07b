import { type SQL, sql } from "drizzle-orm";
import { array } from "@/db/client";
import { advanceCampaign } from "@/lib/campaigns/commands/advance-campaign";
import { prepareMedia } from "@/lib/campaigns/commands/prepare-media";
import { type CampaignSchedule, campaignSchedule } from "@/lib/campaigns/schedule";
import type { Timing } from "@/lib/campaigns/send-time";
import { consentJoins, exclusionReason } from "@/lib/consent/eligibility";
import { experimentPlan } from "@/lib/experiments/plan";
import { AppError } from "@/lib/foundation/errors";
import { LANES } from "@/lib/foundation/ids";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { getPolicyInForce } from "@/lib/policies/queries/get-policy";
import { compileSegment } from "@/lib/segments/compile";
import { type SegmentRule, segmentRule } from "@/lib/segments/segment";
import { type Candidate, inWaves } from "../waves";

/** Lanes planned at once: as many as keep one database connection and this process busy. Between two rounds nothing is locked. */
const PARALLEL_LANES = 2;

interface Planned {
  campaignId: string;
  purposeId: string;
  /** Who left so many messages of the purpose in a row unread is left out; null: nobody is. */
  unreadLimit: number | null;
  rule: SegmentRule;
  plan: ReturnType<typeof experimentPlan.parse>;
  seed: Buffer;
  schedule: CampaignSchedule;
  timing: Timing;
  /** Of the campaign's first planning: the time in every message's id, so that the seeded rest of it alone decides their order. */
  plannedAt: Date;
  deadlineAt: Date | null;
}

/**
 * Freezes the segment into recipients, a lane a transaction: counts who is left out and why, allocates the rest to variants and
 * holdout (decision 13), gives everybody the time at which people of their place are written to, and lets sending begin when all
 * lanes are planned. May be cut off anywhere and called again: a lane that is planned is not planned twice.
 */
export async function planCampaign(ctx: Context, { campaignId }: { campaignId: string }): Promise<void> {
  authorize(ctx, "job.run");
  if (!(await prepareMedia(ctx, { campaignId }))) return; // nobody is written to without the picture
  const policy = await getPolicyInForce(ctx);
  if (!policy) return log.warn("campaign.waits_for_rules", { campaignId });
  // From here on the launch cannot be taken back, only stopped: people have been allocated.
  await ctx.db.execute(sql`
    update campaigns set planned_at = ${ctx.now()}::timestamptz
    where id = ${campaignId}::uuid and status = 'scheduled' and planned_at is null`);
  const planned = await readPlan(ctx, campaignId, policy.rules);
  if (!planned) return; // somebody took it back or paused it
  const done = await ctx.db.execute<{ lane: number }>(sql`
    select lane from campaign_planning where campaign_id = ${campaignId}::uuid`);
  const doneLanes = new Set(done.map((row) => row.lane));
  const open = Array.from({ length: LANES }, (_, lane) => lane).filter((lane) => !doneLanes.has(lane));
  // So many a day: everybody stands in one line, and a lane must know who is in front of it.
  const atOnce = planned.schedule.perDay === null ? PARALLEL_LANES : 1;
  for (let next = 0; next < open.length; next += atOnce) {
    const lanes = open.slice(next, next + atOnce);
    const isPlanned = await Promise.all(lanes.map((lane) => planLane(ctx, planned, lane)));
    if (isPlanned.includes(false)) return;
  }
  await advanceCampaign(ctx, { campaignId, from: "scheduled", to: "sending" });
}

async function readPlan(ctx: Context, campaignId: string, policy: Timing["policy"]): Promise<Planned | undefined> {
  const [row] = await ctx.db.execute<{
    purpose_id: string;
    unread_limit: number | null;
    rule: unknown;
    plan: unknown;
    seed: Buffer;
    schedule: unknown;
    starts_at: string | null;
    planned_at: string | null;
    deadline_at: string | null;
  }>(sql`
    select c.purpose_id, u.unread_limit, s.rule, p.plan, p.seed, c.schedule, c.starts_at, c.planned_at, c.deadline_at
    from campaigns c join segments s on s.id = c.segment_id join campaign_plans p on p.campaign_id = c.id
      join purposes u on u.id = c.purpose_id
    where c.id = ${campaignId}::uuid`);
  if (!row) throw new AppError("not_found");
  if (!row.planned_at) return undefined;
  const schedule = campaignSchedule.parse(row.schedule);
  const startsAt = row.starts_at ? new Date(row.starts_at) : null;
  return {
    campaignId,
    purposeId: row.purpose_id,
    unreadLimit: row.unread_limit,
    rule: segmentRule.parse(row.rule),
    plan: experimentPlan.parse(row.plan),
    seed: row.seed,
    schedule,
    timing: { schedule, startsAt, policy, now: ctx.now() },
    plannedAt: new Date(row.planned_at),
    deadlineAt: row.deadline_at ? new Date(row.deadline_at) : null,
  };
}

/** False when the campaign is no longer waiting to be planned: somebody paused or stopped it. */
async function planLane(ctx: Context, planned: Planned, lane: number): Promise<boolean> {
  return transaction(ctx, async (tx) => {
    // Taking the launch back and planning exclude each other: whoever has the row first decides.
    const [campaign] = await tx.db.execute<{ status: string }>(sql`
      select status from campaigns where id = ${planned.campaignId}::uuid for share`);
    if (campaign?.status !== "scheduled") return false;
    const people = await tx.db.execute<Candidate & { reason: string | null }>(candidates(tx, planned, lane));
    const excluded = people.filter((person) => person.reason !== null);
    const { recipients, waves } = inWaves(planned, {
      lane,
      people: people.filter(({ reason }) => reason === null),
      before: planned.schedule.perDay === null ? 0 : await peopleBefore(tx, planned.campaignId),
    });
    await tx.db.execute(sql`
      select plan_messages(${lane}::smallint, ${planned.campaignId}::uuid,
        ${arrayOf(recipients, "contactId", "uuid")}, ${arrayOf(recipients, "messageId", "uuid")},
        ${arrayOf(recipients, "part", "text")}, ${arrayOf(recipients, "wave", "int")},
        ${arrayOf(waves, "at", "timestamptz")}, ${arrayOf(waves, "country", "text")}, ${arrayOf(waves, "zone", "text")},
        ${arrayOf(excluded, "id", "uuid")}, ${arrayOf(excluded, "reason", "text")}, ${planned.deadlineAt}::timestamptz)`);
    return true;
  });
}

async function peopleBefore(tx: Context, campaignId: string): Promise<number> {
  const [row] = await tx.db.execute<{ people: number }>(sql`
    select coalesce(sum(people), 0)::int as people from campaign_waves where campaign_id = ${campaignId}::uuid`);
  return row?.people ?? 0;
}

function arrayOf<Row, Key extends keyof Row>(rows: readonly Row[], key: Key, type: Parameters<typeof array>[1]): SQL {
  return array(
    rows.map((row) => row[key]),
    type,
  );
}

/** Everybody of one lane who matches, with the first reason why they are left out: the gate's checks 4, 5 and 6, and fatigue. */
function candidates(ctx: Context, { rule, purposeId, unreadLimit }: Planned, lane: number): SQL {
  const now = ctx.now();
  const reason =
    unreadLimit === null
      ? exclusionReason(now)
      : sql`coalesce(${exclusionReason(now)}, ${tired(purposeId, unreadLimit, now)})`;
  return sql`
    select contacts.id, contacts.country, known.name as zone, ${reason} as reason
    from contacts ${consentJoins(purposeId, now)}
    left join time_zone_names as known on known.name = contacts.time_zone
    where contacts.lane = ${lane}::smallint and contacts.erased_at is null and contacts.merged_into is null and (${compileSegment(rule)})`;
}

/**
 * `fatigue` for people of whose messages for the purpose the last so many were delivered three days ago or earlier and neither read,
 * clicked nor answered. Only people who were once seen to read: many hide it, and would be left out for ever.
 */
function tired(purposeId: string, unreadLimit: number, now: Date): SQL {
  const theirs = sql`m.lane = contacts.lane and m.contact_id = contacts.id`;
  return sql`case when (
      select count(*) = ${unreadLimit}::int and bool_and(last.read_at is null and last.clicked_at is null and last.replied_at is null)
      from (select m.read_at, m.clicked_at, m.replied_at from messages m
        where ${theirs} and m.purpose_id = ${purposeId}::uuid and m.delivered_at <= ${now}::timestamptz - interval '3 days'
        order by m.delivered_at desc limit ${unreadLimit}::int) last)
    and exists (select from messages m where ${theirs} and m.read_at is not null) then 'fatigue' end`;
}
