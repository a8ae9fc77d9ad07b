import { eq } from "drizzle-orm";
import { segments } from "@/db/schema/segments";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { segmentRule } from "../segment";
import type { SegmentView } from "./list-segments";

/** One segment, also an archived one: campaigns still name it. @throws AppError not_found */
export async function getSegment(
  ctx: Context,
  { segmentId }: { segmentId: string },
): Promise<SegmentView & { isArchived: boolean }> {
  authorize(ctx, "segment.read");
  const [row] = await ctx.db.select().from(segments).where(eq(segments.id, segmentId)).limit(1);
  if (!row) throw new AppError("not_found", { segmentId });
  const { name, rule, updatedAt, archivedAt } = row;
  return { segmentId, name, rule: segmentRule.parse(rule), updatedAt, isArchived: archivedAt !== null };
}
