import * as z from "zod";
import { readEnv } from "@/lib/foundation/env";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { erasePerson, shredBlocked } from "./commands/erase-person";
import { runRetention } from "./commands/run-retention";
import { tellDeadlines } from "./commands/tell-deadlines";
import { erasureJournal } from "./erasure-journal";

/** One erasure that two people decided. Repeated until it is done: nobody may stay half erased. */
export const eraseJob = defineJob({
  name: "rights.erase_person",
  payload: z.object({ requestId: z.uuid() }),
  retry: { attempts: 25 },
  run: async (ctx: Context, { requestId }) => {
    await erasePerson(ctx, { requestId, journal: erasureJournal(readEnv().DATA_DIR) });
  },
});

/** What is older than its term goes, and blocked people whose term is over. */
export const retentionJob = defineJob({
  name: "rights.run_retention",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context, _, { signal }) => {
    await runRetention(ctx, { signal });
    await shredBlocked(ctx, { journal: erasureJournal(readEnv().DATA_DIR) });
  },
});

/** Requests and breaches whose time is running out are told of. */
export const tellDeadlinesJob = defineJob({
  name: "rights.tell_deadlines",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: (ctx: Context) => tellDeadlines(ctx),
});

export const rightsSchedule: CronEntry<Context>[] = [
  { job: retentionJob, cron: "41 2 * * *" },
  { job: tellDeadlinesJob, cron: "*/10 * * * *" },
];
