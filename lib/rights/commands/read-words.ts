import { eq } from "drizzle-orm";
import { rightsRequests } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { open } from "@/lib/keystore/cipher";
import { wordsPlace } from "../store";

/** What somebody asked, in their own words; each look is logged. @throws AppError not_found once it is answered or erased */
export async function readWords(ctx: Context, { requestId }: { requestId: string }): Promise<{ words: string }> {
  authorize(ctx, "rights.handle");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const [row] = await tx.db
      .select({ contactId: rightsRequests.contactId, sealed: rightsRequests.detailsSealed })
      .from(rightsRequests)
      .where(eq(rightsRequests.id, requestId));
    const key = row && (await tx.keys.keysOf([row.contactId])).get(row.contactId);
    if (!row?.sealed || !key) throw new AppError("not_found", { requestId });
    await audit(tx, "rights.words_read", {}, requestId);
    return { words: open(key, row.sealed, wordsPlace(requestId)).toString("utf8") };
  });
}
