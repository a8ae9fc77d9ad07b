import { type SQL, sql } from "drizzle-orm";
import { array } from "@/db/client";
import { advanceCampaign } from "@/lib/campaigns/commands/advance-campaign";
import { prepareMedia } from "@/lib/campaigns/commands/prepare-media";
import { consentJoins, exclusionReason } from "@/lib/consent/eligibility";
import { allocate } from "@/lib/experiments/allocation";
import { experimentPlan } from "@/lib/experiments/plan";
import { AppError } from "@/lib/foundation/errors";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { compileSegment } from "@/lib/segments/compile";
import { type SegmentRule, segmentRule } from "@/lib/segments/segment";

interface Planned {
  campaignId: string;
  purposeId: string;
  rule: SegmentRule;
  plan: ReturnType<typeof experimentPlan.parse>;
  seed: Buffer;
  notBefore: Date;
  deadlineAt: Date | null;
}

/**
 * Freezes the segment into recipients, lane by lane: counts who is left out and why, allocates the rest to variants and
 * holdout (decision 13), and lets sending begin when all lanes are planned. May be cut off anywhere and called again: a
 * lane that is planned is not planned twice.
 */
export async function planCampaign(ctx: Context, { campaignId }: { campaignId: string }): Promise<void> {
  authorize(ctx, "job.run");
  const planned = await readPlan(ctx, campaignId);
  if (!(await prepareMedia(ctx, { campaignId }))) return; // nobody is written to without the picture
  // From here on the launch cannot be taken back, only stopped: people have been allocated.
  await ctx.db.execute(sql`
    update campaigns set planned_at = ${ctx.now()}::timestamptz
    where id = ${campaignId}::uuid and status = 'scheduled' and planned_at is null`);
  const done = await ctx.db.execute<{ lane: number }>(sql`
    select lane from campaign_planning where campaign_id = ${campaignId}::uuid`);
  const doneLanes = new Set(done.map((row) => row.lane));
  for (let lane = 0; lane < LANES; lane++) {
    if (!doneLanes.has(lane) && !(await planLane(ctx, planned, lane))) return;
  }
  await advanceCampaign(ctx, { campaignId, from: "scheduled", to: "sending" });
}

async function readPlan(ctx: Context, campaignId: string): Promise<Planned> {
  const [row] = await ctx.db.execute<{
    purpose_id: string;
    rule: unknown;
    plan: unknown;
    seed: Buffer;
    starts_at: string | null;
    deadline_at: string | null;
  }>(sql`
    select c.purpose_id, s.rule, p.plan, p.seed, c.starts_at, c.deadline_at
    from campaigns c join segments s on s.id = c.segment_id join campaign_plans p on p.campaign_id = c.id
    where c.id = ${campaignId}::uuid`);
  if (!row) throw new AppError("not_found");
  return {
    campaignId,
    purposeId: row.purpose_id,
    rule: segmentRule.parse(row.rule),
    plan: experimentPlan.parse(row.plan),
    seed: row.seed,
    notBefore: row.starts_at ? new Date(row.starts_at) : ctx.now(),
    deadlineAt: row.deadline_at ? new Date(row.deadline_at) : null,
  };
}

/** False when the campaign is no longer waiting to be planned: somebody paused or stopped it. */
async function planLane(ctx: Context, planned: Planned, lane: number): Promise<boolean> {
  return transaction(ctx, async (tx) => {
    // Taking the launch back and planning exclude each other: whoever has the row first decides.
    const [campaign] = await tx.db.execute<{ status: string }>(sql`
      select status from campaigns where id = ${planned.campaignId}::uuid for update`);
    if (campaign?.status !== "scheduled") return false;
    const people = await tx.db.execute<{ id: string; country: string | null; reason: string | null }>(
      candidates(tx, planned, lane),
    );
    const eligible = people.filter((person) => person.reason === null);
    const excluded = people.filter((person) => person.reason !== null);
    const arms = allocate({
      seed: planned.seed,
      lane,
      arms: planned.plan.arms,
      holdoutBasisPoints: planned.plan.holdoutBasisPoints,
      contacts: eligible.map(({ id, country }) => ({
        id,
        stratum: planned.plan.strata === "country" ? (country ?? "unknown") : "all",
      })),
    });
    const recipients = [...arms.keys()];
    await tx.db.execute(sql`
      select plan_messages(${lane}::smallint, ${planned.campaignId}::uuid, ${array(recipients, "uuid")},
        ${array([...arms.values()], "text")},
        ${array(
          excluded.map((person) => person.id),
          "uuid",
        )},
        ${array(
          excluded.map((person) => person.reason),
          "text",
        )},
        ${planned.notBefore}::timestamptz, ${planned.deadlineAt}::timestamptz)`);
    return true;
  });
}

/** Everybody of one lane who matches, with the first reason why they are left out: the gate's checks 4, 5 and 6. */
function candidates(ctx: Context, { rule, purposeId }: Planned, lane: number): SQL {
  const now = ctx.now();
  return sql`
    select contacts.id, contacts.country, ${exclusionReason(now)} as reason
    from contacts ${consentJoins(purposeId, now)}
    where contacts.lane = ${lane}::smallint and contacts.erased_at is null and contacts.merged_into is null and (${compileSegment(rule)})`;
}
