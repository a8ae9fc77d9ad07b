import { AppError } from "@/lib/foundation/errors";
import { roles } from "@/lib/identity/actor";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { campaignCan } from "../campaign";
import { judgeSigning } from "../four-eyes";
import type { ApproveCampaign } from "../inputs";
import { blockers } from "../preflight-row";
import { computePreflight } from "../queries/get-preflight";
import {
  activePeople,
  campaignForUpdate,
  change,
  readInstallation,
  recordDecision,
  recordHistory,
  refusal,
  userIdOf,
} from "../store";

/**
 * A second person agrees to exactly what they read: the approval binds to the content's hash, and the checklist is
 * computed again.
 *
 * @throws AppError("second_person_required", { reason }), AppError("campaign_changed"), AppError("preflight_blocked")
 */
export async function approveCampaign(ctx: Context, approval: ApproveCampaign): Promise<{ isSolo: boolean }> {
  authorize(ctx, "campaign.approve");
  await requireRecentFactor(ctx);
  const { campaignId, comment } = approval;
  return transaction(ctx, async (tx) => {
    const campaign = await campaignForUpdate(tx, campaignId);
    const { row, contentHash } = campaign;
    if (!campaignCan.approve(row)) throw refusal("approve", row);
    const isSolo = await sign(tx, row, approval.confirmation);
    if (approval.contentHash !== contentHash) throw new AppError("campaign_changed", { campaignId });
    const rows = await computePreflight(tx, campaign);
    const blocking = blockers(rows).filter((id) => id !== "second_person"); // whoever approves is that person
    if (blocking.length > 0) throw new AppError("preflight_blocked", { campaignId, rows: blocking.join(",") });
    await change(tx, "approve", row, { status: "approved", contentHash, approvedHash: contentHash });
    await recordDecision(tx, { campaignId, contentHash, decision: "approved", comment, isSolo });
    const checklist = Object.fromEntries(rows.map(({ id, status }) => [id, status]));
    await recordHistory(tx, campaignId, "approved", { contentHash, isSolo, comment: comment ?? null, checklist });
    await audit(tx, "campaign.approved", { contentHash, isSolo }, campaignId);
    return { isSolo };
  });
}

/** @returns true when the approval is made under solo mode */
async function sign(
  tx: Context,
  row: { id: string; name: string; createdBy: string | null; editors: string[] },
  confirmation: string | undefined,
): Promise<boolean> {
  const approverId = userIdOf(tx.actor);
  if (!approverId) throw new AppError("second_person_required", { campaignId: row.id, reason: "not_a_person" });
  const { soloMode } = await readInstallation(tx);
  const people = await activePeople(tx, roles);
  const verdict = judgeSigning({
    approverId,
    createdBy: row.createdBy,
    editors: row.editors,
    soloMode,
    activePeople: people.length,
    campaignName: row.name,
    confirmation,
  });
  if (verdict.kind === "refused")
    throw new AppError("second_person_required", { campaignId: row.id, reason: verdict.reason });
  return verdict.kind === "solo";
}
