import * as z from "zod";
import { endpoint } from "@/app/_server/endpoint";
import { progressAnswer } from "@/app/(console)/campaigns/progress";
import { getProgress } from "@/lib/sending/queries/get-progress";
import { idOf } from "@/lib/templates/inputs";

/** How sending goes, for whoever watches: the page /live asks every two seconds. */
export const GET = endpoint({
  input: z.object({ campaignId: idOf("cmp") }),
  output: progressAnswer,
  run: getProgress,
});
