import * as z from "zod";
import { endpoint } from "@/app/_server/endpoint";
import { reachAnswer } from "@/app/(console)/campaigns/reach";
import { countSegment } from "@/lib/segments/queries/count-segment";
import { getSegment } from "@/lib/segments/queries/get-segment";
import { idOf } from "@/lib/templates/inputs";

/** Whom a segment reaches now for a purpose: what the builder asks while somebody chooses. */
export const GET = endpoint({
  input: z.object({ campaignId: idOf("cmp"), segmentId: idOf("seg"), purposeId: idOf("pur") }),
  output: reachAnswer,
  async run(ctx, { segmentId, purposeId }) {
    const { rule } = await getSegment(ctx, { segmentId });
    return countSegment(ctx, { rule, purposeId });
  },
});
