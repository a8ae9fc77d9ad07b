import { eq } from "drizzle-orm";
import { authSessions } from "@/db/schema/identity";
import type { UserActor } from "../actor";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { SESSION_TOUCH_MS } from "../sessions";
import { readSession } from "../store";

/** The person behind a cookie, as they are now: roles and locale are read again on each request. */
export interface SignedIn {
  actor: UserActor;
  name: string;
  email: string;
  locale: string;
  region: string;
}

/**
 * Who holds the cookie with this secret; undefined when the session ended, ran out, still waits for its second factor, or
 * its person was disabled. Using a session keeps it alive (`last_seen_at`, written at most once a minute).
 */
export async function findSession(ctx: Context, { sid }: { sid: string }): Promise<SignedIn | undefined> {
  authorize(ctx, "actor.identify");
  const found = await readSession(ctx, sid);
  if (found?.step !== "in") return undefined;
  const { row, at, actor } = found;
  if (at.getTime() - row.lastSeenAt.getTime() >= SESSION_TOUCH_MS) {
    await ctx.db.update(authSessions).set({ lastSeenAt: at }).where(eq(authSessions.sidHash, row.sidHash));
  }
  return { actor, name: row.name, email: row.email, locale: row.locale, region: row.region };
}
