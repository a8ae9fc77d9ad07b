import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { looks } from "@/db/schema/results";
import { advanceCampaign } from "@/lib/campaigns/commands/advance-campaign";
import { experimentPlan } from "@/lib/experiments/plan";
import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { canonicalize } from "@/lib/ledger/jcs";
import { analyse } from "../analyse";
import { type AnalysisRecord, analysisRecord } from "../analysis";
import { findMissingFeed } from "../queries/find-missing-feed";
import { getArmCounts, listRevenueValues } from "../queries/get-arm-counts";

/** `not_due`: not measuring, the window has not passed, orders are still being settled, or somebody else took it. */
export type LookOutcome = { kind: "taken"; record: AnalysisRecord; recordHash: string } | { kind: "not_due" };

/**
 * The one analysis of a plan with the method `fixed`: counts, statistics and verdict as they are at the end of the window,
 * stored with their hash, entered in the ledger, and the campaign concluded, in one transaction.
 */
export async function takeLook(ctx: Context, { campaignId }: { campaignId: string }): Promise<LookOutcome> {
  authorize(ctx, "job.run");
  return transaction(ctx, async (tx) => {
    const due = await lockDue(tx, campaignId);
    if (!due) return { kind: "not_due" };
    const plan = experimentPlan.parse(due.plan);
    const record = analysisRecord.parse(
      analyse({
        campaignId,
        plan,
        arms: await getArmCounts(tx, { campaignId }),
        revenue: plan.metric === "revenue" ? await listRevenueValues(tx, { campaignId }) : new Map(),
        currency: due.currency,
        isFrozen: false,
        missingFeed: await findMissingFeed(tx, { campaignId, metric: plan.metric }),
        plannedAt: new Date(due.planned),
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
    const advanced = await advanceCampaign(tx, { campaignId, from: "measuring", to: "concluded" });
    if (advanced.kind !== "advanced") throw new AppError("conflict", { campaignId });
    log.info("results.look_taken", { campaignId, look: n, verdict });
    return { kind: "taken", record, recordHash };
  });
}

/** SHA-256 of the record's canonical JSON, in hex: what the ledger commits to. */
export function hashOf(record: AnalysisRecord): string {
  return createHash("sha256").update(canonicalize(record)).digest("hex");
}

interface Due extends Record<string, unknown> {
  planned: string;
  plan: unknown;
  currency: string;
}

/**
 * The campaign's row is held, so that of two workers one takes the look. Orders that had arrived by the planned time and are
 * still being settled (another worker holds them) put it off: they belong to the count.
 */
async function lockDue(tx: Context, campaignId: string): Promise<Due | undefined> {
  const [due] = await tx.db.execute<Due>(sql`
    select c.measuring_until as planned, p.plan, i.currency
    from campaigns c join campaign_plans p on p.campaign_id = c.id cross join installation i
    where c.id = ${campaignId}::uuid and c.status = 'measuring' and c.measuring_until <= ${tx.now()}::timestamptz
      and not exists (select from looks l where l.campaign_id = c.id)
      and not exists (select from conversions v where v.attributed_at is null and v.received_at <= c.measuring_until)
    for update of c`);
  return due;
}
