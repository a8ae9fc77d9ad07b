import { and, eq, isNull } from "drizzle-orm";
import type * as z from "zod";
import { segments } from "@/db/schema/segments";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { ArchiveSegmentInput } from "../segment";

/** Takes a segment out of the lists. Campaigns that were made of it keep their own copy of the rule. */
export async function archiveSegment(ctx: Context, input: z.input<typeof ArchiveSegmentInput>): Promise<void> {
  authorize(ctx, "segment.edit");
  const { segmentId } = ArchiveSegmentInput.parse(input);
  await transaction(ctx, async (tx) => {
    const archived = await tx.db
      .update(segments)
      .set({ archivedAt: tx.now(), updatedAt: tx.now() })
      .where(and(eq(segments.id, segmentId), isNull(segments.archivedAt)))
      .returning({ id: segments.id });
    if (archived.length === 0) throw new AppError("not_found", { segmentId });
    await audit(tx, "segment.archived", { segment: segmentId }, segmentId);
  });
}
