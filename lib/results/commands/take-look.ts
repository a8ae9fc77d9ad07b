import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { looks } from "@/db/schema/results";
import { advanceCampaign } from "@/lib/campaigns/commands/advance-campaign";
import { type DueLook, nextLook } from "@/lib/experiments/method";
import { type ExperimentPlan, experimentPlan } from "@/lib/experiments/plan";
import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { canonicalize } from "@/lib/ledger/jcs";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { analyse } from "../analyse";
import { type AnalysisRecord, analysisRecord, type Monitoring } from "../analysis";
import { findMissingFeed } from "../queries/find-missing-feed";
import { getArmCounts, listRevenueValues } from "../queries/get-arm-counts";
import { readyNotice } from "../ready-notice";

/** `not_due`: not measuring, the window has not passed, orders are still being settled, or somebody else took it. */
export type LookOutcome =
  | { kind: "taken"; record: AnalysisRecord; recordHash: string; isLast: boolean }
  | { kind: "not_due" };

/**
 * The look that is due: counts, statistics, boundary and verdict as they are at that moment, stored with their hash and entered
 * in the ledger; with the last one the campaign is concluded. All in one transaction.
 */
export async function takeLook(ctx: Context, { campaignId }: { campaignId: string }): Promise<LookOutcome> {
  authorize(ctx, "job.run");
  return transaction(ctx, async (tx) => {
    const due = await lockDue(tx, campaignId);
    if (!due) return { kind: "not_due" };
    const { plan, look, earlier } = due;
    const isLast = look.n === look.count;
    const record = analysisRecord.parse(
      analyse({
        campaignId,
        plan,
        arms: await getArmCounts(tx, { campaignId }),
        revenue: plan.metric === "revenue" ? await listRevenueValues(tx, { campaignId }) : new Map(),
        currency: due.currency,
        isFrozen: false,
        missingFeed: await findMissingFeed(tx, { campaignId, metric: plan.metric, isOver: isLast }),
        look,
        earlier,
        nextAt: followingLook(plan, due, look.n),
        plannedAt: look.plannedAt,
        takenAt: tx.now(),
      }),
    );
    const recordHash = hashOf(record);
    const verdict = record.headline.code;
    const { look: n, plannedAt, takenAt } = record;
    await tx.db.insert(looks).values({
      campaignId,
      n,
      plannedAt: new Date(plannedAt),
      takenAt: new Date(takenAt),
      record,
      recordHash,
      verdict,
    });
    await audit(tx, "campaign.look_taken", { look: n, recordHash, planHash: record.planHash, verdict }, campaignId);
    if (isLast) {
      const advanced = await advanceCampaign(tx, { campaignId, from: "measuring", to: "concluded" });
      if (advanced.kind !== "advanced") throw new AppError("conflict", { campaignId });
    }
    if (record.recommendation.action !== "wait")
      await raiseNotice(tx, {
        kind: "results_ready",
        key: readyNotice(campaignId),
        subject: { type: "campaign", id: campaignId },
        params: { name: due.name },
      });
    log.info("results.look_taken", { campaignId, look: n, verdict });
    return { kind: "taken", record, recordHash, isLast };
  });
}

/** SHA-256 of the record's canonical JSON, in hex: what the ledger commits to. */
export function hashOf(record: AnalysisRecord): string {
  return createHash("sha256").update(canonicalize(record)).digest("hex");
}

interface DueRow extends Record<string, unknown> {
  name: string;
  ended: string;
  until: string;
  plan: unknown;
  currency: string;
}

interface Due {
  name: string;
  plan: ExperimentPlan;
  look: DueLook;
  from: Date;
  until: Date;
  earlier: Monitoring[];
  currency: string;
}

/**
 * The campaign's row is held, so that of two workers one takes the look. Orders that had arrived by the planned time and are
 * still being settled (another worker holds them) put it off: they belong to the count.
 */
async function lockDue(tx: Context, campaignId: string): Promise<Due | undefined> {
  const [row] = await tx.db.execute<DueRow>(sql`
    select c.name, c.sending_ended_at as ended, c.measuring_until as until, p.plan, i.currency
    from campaigns c join campaign_plans p on p.campaign_id = c.id cross join installation i
    where c.id = ${campaignId}::uuid and c.status = 'measuring'
    for update of c`);
  if (!row) return undefined;
  const taken = await tx.db
    .select({ n: looks.n, record: looks.record })
    .from(looks)
    .where(eq(looks.campaignId, campaignId))
    .orderBy(looks.n);
  const earlier = taken.flatMap(({ record }) => analysisRecord.parse(record).monitoring ?? []);
  const plan = experimentPlan.parse(row.plan);
  const from = new Date(row.ended);
  const until = new Date(row.until);
  const look = nextLook(plan, {
    from,
    until,
    taken: taken.map(({ n, record }) => ({ n, isStop: analysisRecord.parse(record).monitoring?.isStop ?? false })),
    now: tx.now(),
  });
  if (!look || look.plannedAt > tx.now()) return undefined;
  const [unsettled] = await tx.db.execute(sql`
    select 1 from conversions where attributed_at is null and received_at <= ${look.plannedAt}::timestamptz limit 1`);
  return unsettled ? undefined : { name: row.name, plan, look, from, until, earlier, currency: row.currency };
}

/** When the look after number `n` is planned, had it concluded nothing. */
function followingLook(plan: ExperimentPlan, { from, until }: Pick<Due, "from" | "until">, n: number): Date | null {
  const next = nextLook(plan, { from, until, taken: [{ n, isStop: false }], now: from });
  return next?.plannedAt ?? null;
}
