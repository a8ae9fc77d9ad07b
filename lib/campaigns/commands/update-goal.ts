import type { Context } from "@/lib/identity/context";
import type { UpdateGoal } from "../inputs";
import { type Edited, editCampaign } from "./edit-campaign";

/** Saves step 1: name, hypothesis, metric, minimum effect, window, guardrails, cap. */
export async function updateGoal(ctx: Context, { campaignId, version, name, goal }: UpdateGoal): Promise<Edited> {
  return editCampaign(ctx, { campaignId, version, step: "goal", apply: async () => ({ name, goal }) });
}
