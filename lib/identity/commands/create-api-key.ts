import { apiKeys } from "@/db/schema/identity";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { mayGiveScope } from "../key-scopes";
import { getInstallation } from "../queries/get-installation";
import { requireRecentFactor } from "../recent-factor";
import { realNow } from "../store";
import type { CreateApiKey } from "../team";
import { hashToken, newApiKeyToken, writeApiKeyToken } from "../tokens";

const DAY_MS = 24 * 60 * 60_000;

/**
 * Makes a key for a program. `token` is shown once: only the SHA-256 of its secret is kept.
 *
 * @throws AppError("forbidden", { permission }) for a scope that is not this actor's to give
 */
export async function createApiKey(
  ctx: Context,
  { name, scopes, days }: CreateApiKey,
): Promise<{ keyId: string; token: string; expiresAt: Date }> {
  authorize(ctx, "api_key.manage");
  await requireRecentFactor(ctx);
  const refused = scopes.find((scope) => !mayGiveScope(ctx.actor, scope));
  if (refused) throw new AppError("forbidden", { permission: refused });
  return transaction(ctx, async (tx) => {
    const keyId = newId();
    const token = newApiKeyToken((await getInstallation(tx)).mode);
    const at = await realNow(tx);
    const expiresAt = new Date(at.getTime() + days * DAY_MS);
    await tx.db.insert(apiKeys).values({
      id: keyId,
      name,
      publicPart: token.publicPart,
      secretHash: hashToken(token.secret),
      scopes: [...scopes],
      createdBy: tx.actor.kind === "user" ? tx.actor.userId : null,
      createdAt: at,
      expiresAt,
    });
    await audit(tx, "api_key.created", { scopes: [...scopes], expiresAt: expiresAt.toISOString() }, keyId);
    return { keyId, token: writeApiKeyToken(token), expiresAt };
  });
}
