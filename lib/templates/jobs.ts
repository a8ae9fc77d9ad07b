import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { pullAnalytics } from "./commands/pull-analytics";
import { syncTemplates } from "./commands/sync-templates";

/** Webhooks tell us at once what happens to templates; this finds what they missed. */
export const syncTemplatesJob = defineJob({
  name: "templates.sync_templates",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await syncTemplates(ctx);
  },
});

/** Meta's figures of a day are complete early in the next one, UTC. */
export const pullAnalyticsJob = defineJob({
  name: "templates.pull_analytics",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await pullAnalytics(ctx);
  },
});

export const templateSchedule: CronEntry<Context>[] = [
  { job: syncTemplatesJob, cron: "*/10 * * * *" },
  { job: pullAnalyticsJob, cron: "20 3 * * *" },
];
