import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import { applyReplays } from "./commands/apply-replays";

/** Applies again what people asked for; what is asked for meanwhile is found as well. */
export const applyReplaysJob = defineJob({
  name: "intake.apply_replays",
  payload: z.object({}),
  retry: { attempts: 5 },
  run: async (ctx: Context, _payload, { signal }) => {
    while (!signal.aborted && (await applyReplays(ctx)) > 0);
  },
});
