import { eq, sql } from "drizzle-orm";
import { authSessions, secondFactors, users } from "@/db/schema/identity";
import { installation } from "@/db/schema/installation";
import { isRole, type UserActor } from "./actor";
import type { Context } from "./context";
import { type SignInStep, stepOf } from "./second-factor";
import { isLive } from "./sessions";
import { realNow } from "./store";
import { hashToken } from "./tokens";

/** The live session of a cookie's secret, its person, and how far into the product it leads. */
export async function readSession(ctx: Context, sid: string) {
  const [row] = await ctx.db
    .select({
      sidHash: authSessions.sidHash,
      createdAt: authSessions.createdAt,
      lastSeenAt: authSessions.lastSeenAt,
      revokedAt: authSessions.revokedAt,
      mfaAt: authSessions.mfaAt,
      userId: users.id,
      name: users.name,
      email: users.email,
      roles: users.roles,
      locale: users.locale,
      region: users.region,
      disabledAt: users.disabledAt,
      confirmedAt: secondFactors.confirmedAt,
      mode: installation.mode,
    })
    .from(authSessions)
    .innerJoin(users, eq(users.id, authSessions.userId))
    .innerJoin(installation, sql`true`)
    .leftJoin(secondFactors, eq(secondFactors.userId, authSessions.userId))
    .where(eq(authSessions.sidHash, hashToken(sid)));
  if (!row || row.disabledAt) return undefined;
  const at = await realNow(ctx);
  if (!isLive(row, at)) return undefined;
  const roles = row.roles.filter(isRole);
  const actor: UserActor = { kind: "user", userId: row.userId, roles, sessionId: row.sidHash.toString("hex") };
  const step: SignInStep = stepOf({ mode: row.mode, roles, hasFactor: row.confirmedAt !== null, mfaAt: row.mfaAt });
  return { row, at, actor, step };
}
