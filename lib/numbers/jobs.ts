import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { readNumberHealth } from "./commands/read-number-health";
import { readNumbers } from "./commands/read-numbers";

/** One number, when something says that it changed. */
export const readNumberJob = defineJob({
  name: "numbers.read_number",
  payload: z.object({ numberId: z.uuid() }),
  retry: { attempts: 3 },
  run: async (ctx: Context, { numberId }) => {
    await readNumberHealth(ctx, { numberId });
  },
});

/** Webhooks tell us at once what happens to numbers; this finds what they missed, and a token that ran out. */
export const readNumbersJob = defineJob({
  name: "numbers.read_numbers",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await readNumbers(ctx);
  },
});

export const numberSchedule: CronEntry<Context>[] = [{ job: readNumbersJob, cron: "23 * * * *" }];
