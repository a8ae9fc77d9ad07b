import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { meetMissedBlocks } from "./commands/meet-missed-blocks";
import { noteExpiries } from "./commands/note-expiries";

export const noteExpiriesJob = defineJob({
  name: "consent.note_expiries",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await noteExpiries(ctx);
  },
});

export const meetMissedBlocksJob = defineJob({
  name: "consent.meet_missed_blocks",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await meetMissedBlocks(ctx);
  },
});

export const consentSchedule: CronEntry<Context>[] = [
  { job: noteExpiriesJob, cron: "7 * * * *" },
  { job: meetMissedBlocksJob, cron: "*/10 * * * *" },
];
