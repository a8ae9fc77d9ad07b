import { desc, eq } from "drizzle-orm";
import { campaignHistory } from "@/db/schema/campaigns";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import type { Json } from "@/lib/ledger/verifier";
import { campaignCan } from "../campaign";
import { differences } from "../edit";
import {
  type CampaignChange,
  type CampaignRow,
  campaignForUpdate,
  change,
  editorIdOf,
  type LoadedCampaign,
  loadCampaign,
  recordDecision,
  recordHistory,
  refusal,
} from "../store";

export interface Edited {
  version: number;
  /** True when an approval, or the wait for one, ended by this edit: the page says so. */
  isApprovalVoided: boolean;
}

interface Edit {
  campaignId: string;
  version: number;
  step: "goal" | "audience" | "variants" | "schedule";
  /** Checks against the database and writes what is not a column of the campaign; gives the columns to set. */
  apply(tx: Context, campaign: LoadedCampaign): Promise<CampaignChange>;
}

/**
 * What every step of the builder does when it saves: authorise, refuse a version that somebody else has overtaken, write,
 * note what changed, and void an approval that no longer fits. An edit that changes nothing leaves everything as it is.
 *
 * @throws AppError("conflict", { version, changedBy, changedAt }) when somebody else saved in between
 */
export async function editCampaign(ctx: Context, { campaignId, version, step, apply }: Edit): Promise<Edited> {
  authorize(ctx, "campaign.edit");
  return transaction(ctx, async (tx) => {
    const before = await campaignForUpdate(tx, campaignId);
    if (!campaignCan.edit(before.row)) throw refusal("edit", before.row);
    if (before.row.version !== version) throw await conflict(tx, before.row);
    await change(tx, "edit", before.row, await apply(tx, before));
    const after = await loadCampaign(tx, campaignId);
    if (after.contentHash === before.contentHash) return { version, isApprovalVoided: false };
    const isApprovalVoided = before.row.status !== "draft";
    const editors = isApprovalVoided && before.row.status === "approved" ? [] : before.row.editors;
    await change(tx, "edit", before.row, {
      status: "draft",
      version: version + 1,
      contentHash: after.contentHash,
      approvedHash: null,
      editors: [...new Set([...editors, ...editorIdOf(tx.actor)])],
    });
    const changes: Json = differences(contentOf(before), contentOf(after)).map((difference) => ({ ...difference }));
    await recordHistory(tx, campaignId, "edited", { step, version: version + 1, changes });
    if (isApprovalVoided) await voidApproval(tx, before.row, after.contentHash);
    return { version: version + 1, isApprovalVoided };
  });
}

async function voidApproval(tx: Context, row: CampaignRow, contentHash: string): Promise<void> {
  await recordDecision(tx, { campaignId: row.id, contentHash, decision: "voided" });
  await recordHistory(tx, row.id, "approval_voided", { was: row.status });
  await audit(tx, "campaign.approval_voided", { was: row.status, contentHash }, row.id);
}

async function conflict(tx: Context, row: CampaignRow): Promise<AppError> {
  const [latest] = await tx.db
    .select({ actorId: campaignHistory.actorId, at: campaignHistory.at })
    .from(campaignHistory)
    .where(eq(campaignHistory.campaignId, row.id))
    .orderBy(desc(campaignHistory.at), desc(campaignHistory.id))
    .limit(1);
  const changedAt = (latest?.at ?? row.updatedAt).toISOString();
  return new AppError("conflict", { version: row.version, changedBy: latest?.actorId ?? null, changedAt });
}

/** What the history compares, in words that the builder uses. */
function contentOf({ row, draft, variants }: LoadedCampaign): Json {
  const { variants: _, ...rest } = draft;
  const content = {
    name: row.name,
    ...rest,
    variants: Object.fromEntries(variants.map(({ template: __, ...one }) => [one.key, one])),
  };
  return JSON.parse(JSON.stringify(content)); // dates as text
}
