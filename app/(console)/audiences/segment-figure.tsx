import { cache } from "react";
import { currentFormats } from "@/app/_server/context";
import type { Context } from "@/lib/identity/context";
import { countSegment } from "@/lib/segments/queries/count-segment";
import type { SegmentView } from "@/lib/segments/queries/list-segments";

/** Both figures of a row come from one count. */
const counted = cache((ctx: Context, segment: SegmentView, purposeId: string) =>
  countSegment(ctx, { rule: segment.rule, purposeId }),
);

/** How many people a segment means now, or how many of them may be written to. Counted apart, so that no row waits for another. */
export async function SegmentFigure({
  ctx,
  segment,
  purposeId,
  of,
}: {
  ctx: Context;
  segment: SegmentView;
  purposeId: string;
  of: "matches" | "reachable";
}) {
  const [count, formats] = await Promise.all([counted(ctx, segment, purposeId), currentFormats()]);
  return formats.integer(count[of]);
}
