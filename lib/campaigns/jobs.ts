import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { freezeCampaigns } from "./commands/freeze-campaigns";

/** The gate holds back a paused variant at once; this stops the others with it. */
export const freezeCampaignsJob = defineJob({
  name: "campaigns.freeze_campaigns",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await freezeCampaigns(ctx);
  },
});

export const campaignSchedule: CronEntry<Context>[] = [{ job: freezeCampaignsJob, cron: "* * * * *" }];
