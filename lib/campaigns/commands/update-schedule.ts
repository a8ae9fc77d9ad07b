import type { Context } from "@/lib/identity/context";
import type { UpdateSchedule } from "../inputs";
import { type Edited, editCampaign } from "./edit-campaign";

/** Saves step 4. By moment, no start means: as soon as it is launched. After the deadline nothing more is sent. */
export async function updateSchedule(
  ctx: Context,
  { campaignId, version, schedule, startsAt, deadlineAt }: UpdateSchedule,
): Promise<Edited> {
  return editCampaign(ctx, {
    campaignId,
    version,
    step: "schedule",
    apply: async () => ({ schedule, startsAt, deadlineAt }),
  });
}
