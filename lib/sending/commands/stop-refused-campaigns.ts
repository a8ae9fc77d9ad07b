import { sql } from "drizzle-orm";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { stopNotice } from "@/lib/numbers/commands/stop-sending";
import { readStopRule } from "../queries/get-stop-rule";
import { refusedCampaigns } from "../store";

/**
 * Stops campaigns that too many of the people they reached opted out of (compliance 3.3): the share and the number from which it
 * counts are the installation's. After a release only those are counted who were reached since.
 */
export async function stopRefusedCampaigns(ctx: Context): Promise<void> {
  authorize(ctx, "kill_switch.engage");
  if (!(await hasRefusals(ctx))) return;
  await transaction(ctx, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('contraste stop opt_out_rate'))`);
    for (const { id: targetId, name, reached, refused } of await refusedCampaigns(tx.db, await readStopRule(tx.db))) {
      const reason = `opt_out_rate ${refused}/${reached}`;
      await engageKillSwitch(tx, { level: "campaign", targetId, reason }, { cause: "opt_out_rate" });
      await raiseNotice(tx, {
        kind: "campaign_refused",
        key: stopNotice(targetId, "opt_out_rate"),
        subject: { type: "campaign", id: targetId },
        params: { name, reached, refused },
      });
      log.warn("campaign.stopped_by_refusals", { campaignId: targetId, reached, refused });
    }
  });
}

/** Most of the time nobody opts out, and counting whole campaigns is dear. */
async function hasRefusals(ctx: Context): Promise<boolean> {
  const rows = await ctx.db.execute(sql`
    select 1 from generate_series(0, 63) as l(lane) where exists (select from consent_events e
      where e.lane = l.lane and e.recorded_at > ${ctx.now()}::timestamptz - interval '1 hour' and e.type = 'withdrawn') limit 1`);
  return rows.length > 0;
}
