import * as z from "zod";
import type { Context } from "@/lib/identity/context";
import { defineJob } from "@/lib/jobs/job";
import { fetchMedia } from "./commands/fetch-media";

/** After a message with a file came; and by the clock, for what Meta could not give yet. */
export const fetchMediaJob = defineJob({
  name: "conversations.fetch_media",
  payload: z.object({}),
  retry: { attempts: 5 },
  run: async (ctx: Context, _, { signal }) => {
    await fetchMedia(ctx, { signal });
  },
});
