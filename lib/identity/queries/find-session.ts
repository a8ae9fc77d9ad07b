import { eq } from "drizzle-orm";
import { authSessions, users } from "@/db/schema/identity";
import { isRole, type UserActor } from "../actor";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { isLive, SESSION_TOUCH_MS } from "../sessions";
import { realNow } from "../store";
import { hashToken } from "../tokens";

/** The person behind a cookie, as they are now: roles and locale are read again on each request. */
export interface SignedIn {
  actor: UserActor;
  name: string;
  email: string;
  locale: string;
  region: string;
}

/**
 * Who holds the cookie with this secret; undefined when the session ended, ran out, or its person was disabled.
 * Using a session keeps it alive (`last_seen_at`, written at most once a minute).
 */
export async function findSession(ctx: Context, { sid }: { sid: string }): Promise<SignedIn | undefined> {
  authorize(ctx, "actor.identify");
  const sidHash = hashToken(sid);
  const [row] = await ctx.db
    .select({
      createdAt: authSessions.createdAt,
      lastSeenAt: authSessions.lastSeenAt,
      revokedAt: authSessions.revokedAt,
      userId: users.id,
      name: users.name,
      email: users.email,
      roles: users.roles,
      locale: users.locale,
      region: users.region,
      disabledAt: users.disabledAt,
    })
    .from(authSessions)
    .innerJoin(users, eq(users.id, authSessions.userId))
    .where(eq(authSessions.sidHash, sidHash));
  if (!row || row.disabledAt) return undefined;
  const at = await realNow(ctx);
  if (!isLive(row, at)) return undefined;
  if (at.getTime() - row.lastSeenAt.getTime() >= SESSION_TOUCH_MS) {
    await ctx.db.update(authSessions).set({ lastSeenAt: at }).where(eq(authSessions.sidHash, sidHash));
  }
  return {
    actor: {
      kind: "user",
      userId: row.userId,
      roles: row.roles.filter(isRole),
      sessionId: sidHash.toString("hex"),
    },
    name: row.name,
    email: row.email,
    locale: row.locale,
    region: row.region,
  };
}
