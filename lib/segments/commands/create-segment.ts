import type * as z from "zod";
import { segments } from "@/db/schema/segments";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { CreateSegmentInput } from "../segment";

/** Saves a question about contacts. @throws ZodError for a rule that is none */
export async function createSegment(
  ctx: Context,
  input: z.input<typeof CreateSegmentInput>,
): Promise<{ segmentId: string }> {
  authorize(ctx, "segment.edit");
  const { name, rule } = CreateSegmentInput.parse(input);
  return transaction(ctx, async (tx) => {
    const segmentId = newId();
    const createdBy = tx.actor.kind === "user" ? tx.actor.userId : null;
    await tx.db
      .insert(segments)
      .values({ id: segmentId, name, rule, createdBy, createdAt: tx.now(), updatedAt: tx.now() });
    await audit(tx, "segment.created", { segment: segmentId }, segmentId);
    return { segmentId };
  });
}
