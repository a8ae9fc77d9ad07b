import { and, eq, isNull } from "drizzle-orm";
import { apiKeys } from "@/db/schema/identity";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { realNow } from "../store";

/** Ends a key at once. Throws not_found for a key that does not exist or has already ended. */
export async function revokeApiKey(ctx: Context, { keyId }: { keyId: string }): Promise<void> {
  authorize(ctx, "api_key.manage");
  await transaction(ctx, async (tx) => {
    const [ended] = await tx.db
      .update(apiKeys)
      .set({ revokedAt: await realNow(tx) })
      .where(and(eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt)))
      .returning({ id: apiKeys.id });
    if (!ended) throw new AppError("not_found", { what: "api_key" });
    await audit(tx, "api_key.revoked", {}, keyId);
  });
}
