import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { compareVariants } from "./commands/compare-variants";
import { freezeCampaigns } from "./commands/freeze-campaigns";
import { renewMedia } from "./commands/prepare-media";

/** The gate holds back a paused variant at once; this stops the others with it. */
export const freezeCampaignsJob = defineJob({
  name: "campaigns.freeze_campaigns",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await freezeCampaigns(ctx);
  },
});

/** Files of messages that are about to go out, before they are needed and before Meta forgets them. */
export const renewMediaJob = defineJob({
  name: "campaigns.renew_media",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: renewMedia,
});

/** What Meta knows of blocks, after its own counting of the day. */
export const compareVariantsJob = defineJob({
  name: "campaigns.compare_variants",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await compareVariants(ctx);
  },
});

export const campaignSchedule: CronEntry<Context>[] = [
  { job: freezeCampaignsJob, cron: "* * * * *" },
  { job: renewMediaJob, cron: "*/10 * * * *" },
  { job: compareVariantsJob, cron: "40 3 * * *" },
];
