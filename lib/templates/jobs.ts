import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
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

export const templateSchedule: CronEntry<Context>[] = [{ job: syncTemplatesJob, cron: "*/10 * * * *" }];
