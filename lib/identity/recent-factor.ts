import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import type { Context } from "./context";
import { isRecent } from "./second-factor";

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
  const [row] = await ctx.db.execute<{ isLive: boolean; hasFactor: boolean; ageMs: number | null }>(sql`
    select installation.mode = 'live' as "isLive",
      exists (select from second_factors where user_id = ${userId} and confirmed_at is not null) as "hasFactor",
      (select extract(epoch from clock_timestamp() - mfa_at)::float8 * 1000 from auth_sessions
        where sid_hash = decode(${sessionId}, 'hex') and user_id = ${userId}) as "ageMs"
    from installation`);
  if (!row) throw new Error("the database has no installation row: run the migrations");
  if (row.hasFactor) {
    if (!isRecent(row.ageMs)) throw new AppError("factor_required");
  } else if (row.isLive) throw new AppError("factor_required", { reason: "not_enrolled" });
}
