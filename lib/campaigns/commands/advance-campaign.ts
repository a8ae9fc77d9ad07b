import { and, eq } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type CampaignStatus, type FrozenReason, mayAdvance } from "../campaign";
import { freezeReason } from "../freeze";
import { type CampaignChange, type CampaignRow, campaignForUpdate, recordHistory, runningFacts } from "../store";

export type Advance =
  | { campaignId: string; from: "scheduled"; to: "sending" }
  /** `measuringUntil`: when the last message's window has passed (lib/experiments analysisAt). */
  | { campaignId: string; from: "sending"; to: "measuring"; measuringUntil: Date }
  | { campaignId: string; from: "measuring"; to: "concluded" }
  | { campaignId: string; from: "scheduled" | "sending"; to: "frozen"; reason: FrozenReason };

/**
 * `advanced`: this call did it. `stale`: somebody else had moved the campaign before (a second worker, a person who
 * paused): nothing to do. `frozen`: what was approved is no longer what would be sent.
 */
export type Advanced = { kind: "advanced" } | { kind: "stale"; status: CampaignStatus } | { kind: "frozen" };

/** The steps that nobody presses a button for. Only our own worker takes them, and only forward. */
export async function advanceCampaign(ctx: Context, advance: Advance): Promise<Advanced> {
  authorize(ctx, "job.run");
  const { campaignId, from, to } = advance;
  if (!mayAdvance(from, to)) throw new AppError("conflict", { campaignId, from, to });
  const result = await transaction(ctx, async (tx): Promise<Advanced> => {
    const campaign = await campaignForUpdate(tx, campaignId);
    const { row, contentHash } = campaign;
    if (row.status !== from) return { kind: "stale", status: row.status };
    const frozenReason = to === "sending" ? freezeReason(await runningFacts(tx, campaign)) : undefined;
    if (frozenReason) {
      await write(tx, row, { status: "frozen", frozenReason, resumesAs: from, contentHash });
      return { kind: "frozen" };
    }
    await write(tx, row, changeOf(tx, advance));
    return { kind: "advanced" };
  });
  if (result.kind !== "stale") log.info("campaign.advanced", { campaignId, from, to, outcome: result.kind });
  return result;
}

function changeOf(tx: Context, advance: Advance): CampaignChange & { status: CampaignStatus } {
  const now = tx.now();
  switch (advance.to) {
    case "sending":
      return { status: "sending", plannedAt: now, sendingStartedAt: now };
    case "measuring":
      return { status: "measuring", sendingEndedAt: now, measuringUntil: advance.measuringUntil };
    case "concluded":
      return { status: "concluded", concludedAt: now };
    case "frozen":
      return { status: "frozen", frozenReason: advance.reason, resumesAs: advance.from };
  }
}

async function write(
  tx: Context,
  row: CampaignRow,
  values: CampaignChange & { status: CampaignStatus },
): Promise<void> {
  const isStill = and(eq(campaigns.id, row.id), eq(campaigns.status, row.status));
  await tx.db
    .update(campaigns)
    .set({ ...values, updatedAt: tx.now() })
    .where(isStill);
  const reason = values.frozenReason ?? null;
  await recordHistory(tx, row.id, values.status, { was: row.status, reason });
  await audit(tx, `campaign.${values.status}`, { was: row.status, reason }, row.id);
}
