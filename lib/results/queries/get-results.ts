import { desc, eq, sql } from "drizzle-orm";
import { campaignPlans, campaigns } from "@/db/schema/campaigns";
import { users } from "@/db/schema/identity";
import { installation } from "@/db/schema/installation";
import { decisions, looks } from "@/db/schema/results";
import type { CampaignStatus } from "@/lib/campaigns/campaign";
import { HOLDOUT } from "@/lib/experiments/allocation";
import { type ExperimentPlan, experimentPlan } from "@/lib/experiments/plan";
import { AppError } from "@/lib/foundation/errors";
import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { checkDelivery, checkRatio } from "../analyse";
import { type AnalysisRecord, analysisRecord, type DeliveryResult, type SrmResult } from "../analysis";
import type { DecisionAction } from "../decision";
import { campaignVerdict, type Headline } from "../verdict";

/** Health of one part while nobody may see outcomes: what was delivered, not what people did. */
export interface ArmHealth {
  key: string;
  assigned: number;
  sent: number;
  delivered: number;
  failed: number;
  skipped: number;
  failuresByCode: Record<string, number>;
}

export interface DecisionView {
  decision: DecisionAction;
  variant: string | null;
  reason: string;
  recommended: string;
  byName: string;
  at: Date;
}

/** Since when a campaign stands still, and the variants whose template is not approved any more, if that is why. */
export interface Freeze {
  at: Date;
  variants: string[];
}

export interface ResultsView {
  campaign: {
    id: string;
    name: string;
    status: CampaignStatus;
    frozenReason: string | null;
    sendingStartedAt: Date | null;
    sendingEndedAt: Date | null;
    measuringUntil: Date | null;
    concludedAt: Date | null;
  };
  isSandbox: boolean;
  currency: string;
  /** Null until the first launch: then nothing else is there either. */
  plan: { plan: ExperimentPlan; hash: string; frozenAt: Date } | null;
  /** Balance and delivery, visible at any time. */
  health: { arms: ArmHealth[]; srm: SrmResult | null; delivery: DeliveryResult | null };
  /**
   * `waiting`: nothing sent yet. `collecting`: no figure of the outcome exists for anybody to see (README decision 7); the
   * verdict is COLLECTING, FROZEN or INVALID_SRM. `ended`: stopped before its analysis, so there will be none.
   * `analysed`: the stored record, exactly as it was computed at the look.
   */
  state:
    | { kind: "waiting" }
    | { kind: "collecting"; verdict: Headline; analysisAt: Date | null; frozen: Freeze | null }
    | { kind: "ended" }
    | { kind: "analysed"; record: AnalysisRecord; recordHash: string; takenAt: Date };
  decision: DecisionView | null;
  mayDecide: boolean;
}

/** What a campaign has taught, as far as the plan's method lets anybody look. @throws AppError("not_found") */
export async function getResults(ctx: Context, { campaignId }: { campaignId: string }): Promise<ResultsView> {
  authorize(ctx, "report.read");
  const { db } = ctx;
  const [row] = await db.select().from(campaigns).where(eq(campaigns.id, campaignId)).limit(1);
  if (!row) throw new AppError("not_found", { campaignId });
  const [frozen] = await db.select().from(campaignPlans).where(eq(campaignPlans.campaignId, campaignId)).limit(1);
  const [place] = await db.select().from(installation).limit(1);
  const [look] = await db.select().from(looks).where(eq(looks.campaignId, campaignId)).orderBy(desc(looks.n)).limit(1);
  const plan = frozen ? experimentPlan.parse(frozen.plan) : null;
  const newest = look ? analysisRecord.parse(look.record) : null;
  // Of a campaign that was stopped between two looks nothing more will be known.
  const isCutShort = isEnded(row.status) && newest?.recommendation.action === "wait";
  const record = isCutShort ? null : newest;
  const arms =
    record && row.status !== "measuring" ? record.arms.map(healthOf) : await readHealth(ctx, campaignId, plan);
  const srm = record ? record.srm : plan && checkRatio(plan, arms);
  const { id, name, status, frozenReason, sendingStartedAt, sendingEndedAt, measuringUntil, concludedAt } = row;
  const decision = await readDecision(ctx, campaignId);
  return {
    campaign: {
      id,
      name,
      status,
      frozenReason,
      sendingStartedAt,
      sendingEndedAt,
      measuringUntil,
      concludedAt,
    },
    isSandbox: place?.mode !== "live",
    currency: place?.currency ?? "EUR",
    plan: plan && frozen ? { plan, hash: frozen.planHash, frozenAt: frozen.frozenAt } : null,
    health: { arms, srm, delivery: record && row.status !== "measuring" ? record.delivery : checkDelivery(arms) },
    state:
      look && record
        ? { kind: "analysed", record, recordHash: look.recordHash, takenAt: look.takenAt }
        : stateBefore({
            status,
            sendingStartedAt,
            measuringUntil,
            srm,
            frozen: status === "frozen" ? await readFreeze(ctx, row) : null,
          }),
    decision,
    mayDecide:
      record !== null &&
      record.recommendation.action !== "wait" &&
      decision === null &&
      may(ctx.actor, "campaign.decide"),
  };
}

const isEnded = (status: CampaignStatus): boolean => status === "stopped" || status === "archived";

function healthOf({ key, assigned, sent, delivered, failed, skipped, failuresByCode }: ArmHealth): ArmHealth {
  return { key, assigned, sent, delivered, failed, skipped, failuresByCode };
}

function stateBefore({
  status,
  sendingStartedAt,
  measuringUntil,
  srm,
  frozen,
}: {
  status: CampaignStatus;
  sendingStartedAt: Date | null;
  measuringUntil: Date | null;
  srm: SrmResult | null;
  frozen: Freeze | null;
}): ResultsView["state"] {
  if (isEnded(status)) return { kind: "ended" };
  if (!sendingStartedAt) return { kind: "waiting" };
  const facts = { srm, isFrozen: frozen !== null, missingFeed: null, isOver: false };
  const code = campaignVerdict(facts) ?? "COLLECTING";
  return { kind: "collecting", verdict: { code, variant: null }, analysisAt: measuringUntil, frozen };
}

interface HealthRow extends Record<string, unknown> {
  variant: string;
  state: string;
  code: number | null;
  count: number;
}

/** One index-only pass over states; failures with their codes are read by the same index, of failed messages alone. */
async function readHealth(ctx: Context, campaignId: string, plan: ExperimentPlan | null): Promise<ArmHealth[]> {
  const rows = await ctx.db.execute<HealthRow>(sql`
    select variant, state, null::int as code, count(*)::int as count from messages
    where campaign_id = ${campaignId}::uuid and state not in ('failed','rejected') group by variant, state
    union all
    select variant, state, coalesce(error_code, 0), count(*)::int from messages
    where campaign_id = ${campaignId}::uuid and state in ('failed','rejected')
    group by variant, state, coalesce(error_code, 0)`);
  const keys = plan ? plan.arms.map(({ key }) => key).sort() : [];
  if (plan && plan.holdoutBasisPoints > 0) keys.push(HOLDOUT);
  return keys.map((key) =>
    armHealth(
      key,
      rows.filter((row) => row.variant === key),
    ),
  );
}

const taken = ["accepted", "sent", "delivered", "read", "failed", "no_status"];
const leftOut = ["skipped", "cancelled", "missed_deadline"];

function armHealth(key: string, rows: readonly HealthRow[]): ArmHealth {
  const sumOf = (states: readonly string[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0);
  const failuresByCode: Record<string, number> = {};
  for (const { code, count } of rows)
    if (code !== null) failuresByCode[String(code)] = (failuresByCode[String(code)] ?? 0) + count;
  return {
    key,
    assigned: rows.reduce((sum, { count }) => sum + count, 0),
    sent: sumOf(taken),
    delivered: sumOf(["delivered", "read"]),
    failed: sumOf(["failed", "rejected"]),
    skipped: sumOf(leftOut),
    failuresByCode,
  };
}

async function readDecision(ctx: Context, campaignId: string): Promise<DecisionView | null> {
  const [row] = await ctx.db
    .select({ decision: decisions, byName: users.name })
    .from(decisions)
    .innerJoin(users, eq(users.id, decisions.decidedBy))
    .where(eq(decisions.campaignId, campaignId))
    .limit(1);
  if (!row) return null;
  const { decision, variant, reason, recommended, decidedAt } = row.decision;
  return { decision, variant, reason, recommended, byName: row.byName, at: decidedAt };
}

async function readFreeze(ctx: Context, campaign: { id: string; updatedAt: Date }): Promise<Freeze> {
  const [frozen] = await ctx.db.execute<{ at: string }>(sql`
    select at from campaign_history where campaign_id = ${campaign.id}::uuid and type = 'frozen' order by at desc limit 1`);
  const stopped = await ctx.db.execute<{ key: string }>(sql`
    select v.key from campaign_variants v join templates t on t.id = v.template_id
    where v.campaign_id = ${campaign.id}::uuid and t.status <> 'APPROVED' order by v.key`);
  return { at: frozen ? new Date(frozen.at) : campaign.updatedAt, variants: stopped.map(({ key }) => key) };
}
