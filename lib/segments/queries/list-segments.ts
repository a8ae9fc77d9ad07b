import { desc, isNull } from "drizzle-orm";
import { segments } from "@/db/schema/segments";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type SegmentRule, segmentRule } from "../segment";

export interface SegmentView {
  segmentId: string;
  name: string;
  rule: SegmentRule;
  updatedAt: Date;
}

const MOST = 500;

/** Every segment in use, the latest changed first. */
export async function listSegments(ctx: Context): Promise<SegmentView[]> {
  authorize(ctx, "segment.read");
  const rows = await ctx.db
    .select()
    .from(segments)
    .where(isNull(segments.archivedAt))
    .orderBy(desc(segments.updatedAt), desc(segments.id))
    .limit(MOST);
  return rows.map(({ id, name, rule, updatedAt }) => ({
    segmentId: id,
    name,
    rule: segmentRule.parse(rule),
    updatedAt,
  }));
}
