import { sql } from "drizzle-orm";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { stopNotice } from "@/lib/numbers/commands/stop-sending";

/** The two seconds in which a request must begin are counted by both clocks (compliance 3.3). */
const MOST_MS = 2_000;

/**
 * Stops everything when this process and the database disagree about the time. What the question itself took is no difference.
 * Answers the difference in milliseconds.
 *
 * @param clock this process's, in milliseconds since 1970
 */
export async function watchClock(ctx: Context, clock: () => number = Date.now): Promise<number> {
  authorize(ctx, "kill_switch.engage");
  const asked = clock();
  const [row] = await ctx.db.execute<{ at: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as at`,
  );
  const answered = clock();
  const at = row?.at ?? answered;
  const apartMs = Math.max(0, asked - at, at - answered);
  if (apartMs > MOST_MS) await stopEverything(ctx, apartMs);
  return apartMs;
}

async function stopEverything(ctx: Context, apartMs: number): Promise<void> {
  await transaction(ctx, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('contraste stop clock_skew'))`);
    const engaged = await tx.db.execute(sql`
      select 1 from kill_switches where level = 'installation' and cause = 'clock_skew' and released_at is null`);
    if (engaged.length > 0) return;
    const seconds = Math.round(apartMs / 1_000);
    await engageKillSwitch(tx, { level: "installation", reason: `clock_skew ${seconds} s` }, { cause: "clock_skew" });
    await raiseNotice(tx, {
      kind: "sending_stopped",
      key: stopNotice("installation", "clock_skew"),
      params: { seconds },
    });
    log.error("sending.clocks_apart", { apartMs });
  });
}
