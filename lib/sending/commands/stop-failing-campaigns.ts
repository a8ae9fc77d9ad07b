import { sql } from "drizzle-orm";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { stopNotice } from "@/lib/numbers/commands/stop-sending";

const CAUSE = "failure_rate";
/** A campaign stops when so many of what it sent came back as failed or were refused. */
const SHARE = 0.3;
/** Before so many left, a few failures say nothing. */
const AFTER = 100;
/** Meta's own choices about single people say nothing against the campaign: their cap, its experiment, their stop. */
const HARMLESS_CODES = sql`(131049, 130472, 131050)`;

/**
 * Stops campaigns of whose messages too many fail, numbers that do not exist or block us among them: going on costs the number's
 * quality. After a release only what left since then is counted.
 */
export async function stopFailingCampaigns(ctx: Context): Promise<void> {
  authorize(ctx, "kill_switch.engage");
  const suspects = await suspectedCampaigns(ctx);
  if (suspects.length === 0) return;
  await transaction(ctx, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('contraste stop failure_rate'))`);
    for (const { id: targetId, name, since } of await suspectedCampaigns(tx)) {
      const [counted] = await tx.db.execute<{ sent: number; failed: number }>(sql`
        select count(*)::int as sent, count(*) filter (where state in ('failed', 'rejected')
          and coalesce(error_code, 0) not in ${HARMLESS_CODES})::int as failed
        from messages where campaign_id = ${targetId}::uuid
          and state in ('accepted', 'sent', 'delivered', 'read', 'failed', 'rejected', 'no_status')
          and coalesce(accepted_at, failed_at, state_at) > ${since}::timestamptz`);
      const { sent = 0, failed = 0 } = counted ?? {};
      if (sent < AFTER || failed < SHARE * sent) continue;
      const reason = `${CAUSE} ${failed}/${sent}`;
      await engageKillSwitch(tx, { level: "campaign", targetId, reason }, { cause: CAUSE });
      await raiseNotice(tx, {
        kind: "campaign_failing",
        key: stopNotice(targetId, CAUSE),
        subject: { type: "campaign", id: targetId },
        params: { name, sent, failed },
      });
      log.warn("campaign.stopped_by_failures", { campaignId: targetId, sent, failed });
    }
  });
}

/** Counting whole campaigns is dear: only those are counted that have as many failures as could be too many. */
async function suspectedCampaigns(ctx: Context): Promise<{ id: string; name: string; since: string }[]> {
  return ctx.db.execute<{ id: string; name: string; since: string }>(sql`
    select c.id, c.name, coalesce((select max(s.released_at) from kill_switches s
      where s.level = 'campaign' and s.target_id = c.id and s.cause = ${CAUSE}), '-infinity')::text as since
    from campaigns c
    where c.status = 'sending'
      and (select count(*) from messages m where m.campaign_id = c.id and m.state in ('failed', 'rejected')
        and coalesce(m.error_code, 0) not in ${HARMLESS_CODES}) >= ${AFTER * SHARE}::float8
      and not exists (select from kill_switches s
        where s.level = 'campaign' and s.target_id = c.id and s.released_at is null)`);
}
