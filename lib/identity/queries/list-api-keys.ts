import { desc, eq } from "drizzle-orm";
import { apiKeys, users } from "@/db/schema/identity";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { realNow } from "../store";
import { writeApiKeyToken } from "../tokens";
import { getInstallation } from "./get-installation";

/** Ended keys stay in the list as history; older ones than these are in the admin log. */
const MOST_KEYS = 200;

export interface ApiKeyView {
  id: string;
  name: string;
  /** The beginning of the key, by which whoever uses it recognises it; never its secret. */
  visible: string;
  scopes: readonly string[];
  state: "active" | "expired" | "revoked";
  /** Null for a key that the product made for itself. */
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** The keys of programs, newest first; those that still open something before those that ended. */
export async function listApiKeys(ctx: Context): Promise<ApiKeyView[]> {
  authorize(ctx, "api_key.manage");
  const [{ mode }, at] = [await getInstallation(ctx), await realNow(ctx)];
  const rows = await ctx.db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      publicPart: apiKeys.publicPart,
      scopes: apiKeys.scopes,
      createdBy: users.name,
      createdAt: apiKeys.createdAt,
      expiresAt: apiKeys.expiresAt,
      lastUsedAt: apiKeys.lastUsedAt,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.createdBy))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(MOST_KEYS);
  const keys = rows.map(({ publicPart, ...row }): ApiKeyView => {
    const state = row.revokedAt ? "revoked" : row.expiresAt <= at ? "expired" : "active";
    return { ...row, visible: writeApiKeyToken({ environment: mode, publicPart, secret: "…" }), state };
  });
  return [...keys.filter(({ state }) => state === "active"), ...keys.filter(({ state }) => state !== "active")];
}
