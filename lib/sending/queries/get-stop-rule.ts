import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { StopRule } from "../stop-rule";
import { refusedCampaigns } from "../store";

/** When a campaign stops by itself. */
export async function getStopRule(ctx: Context): Promise<StopRule> {
  authorize(ctx, "policy.read");
  return readStopRule(ctx.db);
}

export async function readStopRule(db: Context["db"]): Promise<StopRule> {
  const [row] = await db.execute<{ share: number; after: number }>(sql`
    select stop_opt_out_share as share, stop_opt_out_after as after from installation`);
  if (!row) throw new Error("the database has no installation row: run the migrations");
  return row;
}

/** Campaigns that are being sent and would stop at once under such a rule. */
export async function previewStopRule(
  ctx: Context,
  rule: StopRule,
): Promise<{ name: string; reached: number; refused: number }[]> {
  authorize(ctx, "policy.read");
  const campaigns = await refusedCampaigns(ctx.db, rule);
  return campaigns.map(({ name, reached, refused }) => ({ name, reached, refused }));
}
