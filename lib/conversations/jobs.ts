import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { fetchMedia } from "./commands/fetch-media";
import { replayRules } from "./commands/replay-rules";

/** After rules were saved; and by the clock, for what came before answers were sorted. Stopped half-way, it goes on later. */
export const replayRulesJob = defineJob({
  name: "conversations.replay_rules",
  payload: z.object({}),
  retry: { attempts: 5 },
  run: async (ctx: Context, _, { signal }) => {
    await replayRules(ctx, { signal });
  },
});

/** After a message with a file came; and by the clock, for what Meta could not give yet. */
export const fetchMediaJob = defineJob({
  name: "conversations.fetch_media",
  payload: z.object({}),
  retry: { attempts: 5 },
  run: async (ctx: Context, _, { signal }) => {
    await fetchMedia(ctx, { signal });
  },
});

export const conversationSchedule: CronEntry<Context>[] = [
  { job: replayRulesJob, cron: "23 * * * *" },
  { job: fetchMediaJob, cron: "*/5 * * * *" },
];
