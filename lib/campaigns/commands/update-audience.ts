import { and, eq, isNull } from "drizzle-orm";
import { purposes } from "@/db/schema/consent";
import { segments } from "@/db/schema/segments";
import { AppError } from "@/lib/foundation/errors";
import type { Context } from "@/lib/identity/context";
import type { UpdateAudience } from "../inputs";
import { type Edited, editCampaign } from "./edit-campaign";

/** Saves step 2: segment, purpose of the campaign's brand, holdout. */
export async function updateAudience(
  ctx: Context,
  { campaignId, version, segmentId, purposeId, holdoutBasisPoints }: UpdateAudience,
): Promise<Edited> {
  return editCampaign(ctx, {
    campaignId,
    version,
    step: "audience",
    async apply(tx, { row }) {
      if (segmentId) {
        const usable = and(eq(segments.id, segmentId), isNull(segments.archivedAt));
        const [segment] = await tx.db.select({ id: segments.id }).from(segments).where(usable).limit(1);
        if (!segment) throw new AppError("not_found", { segmentId });
      }
      if (purposeId) {
        const ours = and(eq(purposes.id, purposeId), eq(purposes.brandId, row.brandId));
        const [purpose] = await tx.db.select({ id: purposes.id }).from(purposes).where(ours).limit(1);
        if (!purpose) throw new AppError("not_found", { purposeId });
      }
      return { segmentId, purposeId, holdoutBasisPoints };
    },
  });
}
