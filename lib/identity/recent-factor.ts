import { eq, sql } from "drizzle-orm";
import { authSessions, secondFactors } from "@/db/schema/identity";
import { installation } from "@/db/schema/installation";
import { AppError } from "@/lib/foundation/errors";
import type { Context } from "./context";
import { isRecent } from "./second-factor";
import { realNow } from "./store";

/**
 * Second line of every command that approves a launch, releases a stop, takes personal data out, changes roles, makes a key
 * or unmasks: the person has shown a code in the last ten minutes. Whoever has an app is asked everywhere; in a real
 * installation whoever has none is refused. Programs, our processes and the terminal have no session and are not asked.
 *
 * @throws AppError("factor_required"), with `{ reason: "not_enrolled" }` for somebody without an app
 */
export async function requireRecentFactor(ctx: Context): Promise<void> {
  if (ctx.actor.kind !== "user" || ctx.actor.sessionId === null) return;
  const { userId, sessionId } = ctx.actor;
  const [row] = await ctx.db
    .select({ mode: installation.mode, confirmedAt: secondFactors.confirmedAt, mfaAt: authSessions.mfaAt })
    .from(installation)
    .leftJoin(secondFactors, eq(secondFactors.userId, userId))
    .leftJoin(
      authSessions,
      sql`${authSessions.sidHash} = decode(${sessionId}, 'hex') and ${authSessions.userId} = ${userId}`,
    );
  if (!row) throw new Error("the database has no installation row: run the migrations");
  if (row.confirmedAt) {
    if (!isRecent(row.mfaAt, await realNow(ctx))) throw new AppError("factor_required");
  } else if (row.mode === "live") throw new AppError("factor_required", { reason: "not_enrolled" });
}
