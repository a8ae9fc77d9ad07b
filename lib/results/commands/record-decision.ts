import { desc, eq } from "drizzle-orm";
import { decisions, looks } from "@/db/schema/results";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { analysisRecord } from "../analysis";
import { deviates, type RecordDecision, recommendationText } from "../decision";
import { readyNotice } from "../ready-notice";

/**
 * Writes down what people decided after the verdict. Once for each campaign: a decision is history and is not rewritten.
 *
 * @throws AppError("results_not_ready") before a look that may conclude, AppError("invalid_input", { field: "reason" | "variant" }),
 *   AppError("conflict") when one is there already
 */
export async function recordDecision(ctx: Context, input: RecordDecision): Promise<{ isDeviation: boolean }> {
  authorize(ctx, "campaign.decide");
  const { campaignId, decision, variant, reason } = input;
  return transaction(ctx, async (tx) => {
    const [look] = await tx.db
      .select()
      .from(looks)
      .where(eq(looks.campaignId, campaignId))
      .orderBy(desc(looks.n))
      .limit(1);
    if (!look || tx.actor.kind !== "user") throw new AppError("results_not_ready", { campaignId });
    const record = analysisRecord.parse(look.record);
    if (record.recommendation.action === "wait") throw new AppError("results_not_ready", { campaignId });
    if (variant !== null && !record.arms.some(({ key }) => key === variant))
      throw new AppError("invalid_input", { field: "variant" });
    const isDeviation = deviates(input, record.recommendation);
    if (isDeviation && reason === "") throw new AppError("invalid_input", { field: "reason" });
    const recommended = recommendationText(record);
    const decidedBy = tx.actor.userId;
    const written = await tx.db
      .insert(decisions)
      .values({ campaignId, decision, variant, reason, recommended, decidedBy, decidedAt: tx.now() })
      .onConflictDoNothing()
      .returning({ id: decisions.campaignId });
    if (written.length === 0) throw new AppError("conflict", { campaignId });
    await resolveNotice(tx, readyNotice(campaignId));
    const { recordHash, verdict } = look;
    await audit(
      tx,
      "campaign.decided",
      { decision, variant, recommended, isDeviation, verdict, recordHash },
      campaignId,
    );
    return { isDeviation };
  });
}
