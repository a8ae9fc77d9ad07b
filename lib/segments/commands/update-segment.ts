import { and, eq, isNull } from "drizzle-orm";
import type * as z from "zod";
import { segments } from "@/db/schema/segments";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { UpdateSegmentInput } from "../segment";

/** Asks another question under the same name. Campaigns that were approved hold the rule they were approved with. */
export async function updateSegment(ctx: Context, input: z.input<typeof UpdateSegmentInput>): Promise<void> {
  authorize(ctx, "segment.edit");
  const { segmentId, name, rule } = UpdateSegmentInput.parse(input);
  await transaction(ctx, async (tx) => {
    const changed = await tx.db
      .update(segments)
      .set({ name, rule, updatedAt: tx.now() })
      .where(and(eq(segments.id, segmentId), isNull(segments.archivedAt)))
      .returning({ id: segments.id });
    if (changed.length === 0) throw new AppError("not_found", { segmentId });
    await audit(tx, "segment.changed", { segment: segmentId }, segmentId);
  });
}
