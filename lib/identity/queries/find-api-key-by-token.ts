import { timingSafeEqual } from "node:crypto";
import { and, eq, isNull, lt, or } from "drizzle-orm";
import { apiKeys } from "@/db/schema/identity";
import type { ApiKeyActor } from "../actor";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { realNow } from "../store";
import { hashToken, readApiKeyToken } from "../tokens";

const TOUCH_MS = 60_000;

/** The program behind a bearer key; undefined when the key is malformed, unknown, wrong, ended or out of date. */
export async function findApiKeyByToken(ctx: Context, { token }: { token: string }): Promise<ApiKeyActor | undefined> {
  authorize(ctx, "actor.identify");
  const parts = readApiKeyToken(token);
  if (!parts) return undefined;
  const [key] = await ctx.db.select().from(apiKeys).where(eq(apiKeys.publicPart, parts.publicPart));
  if (!key || !timingSafeEqual(key.secretHash, hashToken(parts.secret))) return undefined;
  const at = await realNow(ctx);
  if (key.revokedAt || key.expiresAt <= at) return undefined;
  await ctx.db
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(
      and(
        eq(apiKeys.id, key.id),
        or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, new Date(at.getTime() - TOUCH_MS))),
      ),
    );
  return { kind: "api_key", keyId: key.id, scopes: key.scopes };
}
