import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { lateNotice } from "../late-start";
import { campaignForUpdate, change, recordHistory } from "../store";

/** The start was missed by more than the campaign allows: nothing leaves before a person says so. Told once. */
export async function holdLateStart(
  ctx: Context,
  { campaignId, dueAt }: { campaignId: string; dueAt: Date },
): Promise<void> {
  authorize(ctx, "job.run");
  const isNew = await transaction(ctx, async (tx) => {
    const { row } = await campaignForUpdate(tx, campaignId);
    if (row.status !== "scheduled" || row.lateSince || row.lateAcceptedAt) return false;
    await change(tx, "cancelLaunch", row, { lateSince: tx.now() });
    await recordHistory(tx, campaignId, "start_missed", { dueAt: dueAt.toISOString() });
    await raiseNotice(tx, {
      kind: "campaign_late",
      key: lateNotice(campaignId),
      subject: { type: "campaign", id: campaignId },
      params: { name: row.name },
    });
    return true;
  });
  if (isNew) log.warn("campaign.start_missed", { campaignId, dueAt: dueAt.toISOString() });
}
