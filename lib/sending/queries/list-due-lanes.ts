import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface DueNumber {
  numberId: string;
  /** Lanes in which a message of this number is due now: of a running campaign, or to one person. */
  lanes: number[];
}

/**
 * Where there is something to send, by number, unless Meta made the number wait or a kill switch stops it, as the gate sees it. One index probe per lane and running campaign's
 * number, and the few messages to one person.
 */
export async function listDueLanes(ctx: Context): Promise<DueNumber[]> {
  authorize(ctx, "job.run");
  const rows = await ctx.db.execute<{ number_id: string; lanes: number[] }>(sql`
    select due.number_id, array_agg(distinct due.lane order by due.lane) as lanes
    from (
      select c.number_id, l.lane::int as lane
      from campaigns c cross join generate_series(0, ${LANES - 1}) as l(lane)
      where c.status = 'sending' and c.number_id is not null
        and not exists (select from kill_switches s where s.released_at is null and (s.level = 'installation'
          or (s.level = 'number' and s.target_id = c.number_id) or (s.level = 'campaign' and s.target_id = c.id)))
        and exists (select 1 from messages m
          where m.lane = l.lane and m.state = 'queued' and m.not_before <= app_now() and m.campaign_id = c.id)
      union
      select m.number_id, m.lane from messages m
      where m.state = 'queued' and m.campaign_id is null and m.not_before <= app_now() and m.number_id is not null
        and not exists (select from kill_switches s where s.released_at is null
          and (s.level = 'installation' or (s.level = 'number' and s.target_id = m.number_id))
          and (m.basis <> 'test' or s.cause is distinct from 'new_number'))
    ) due
    where not exists (select 1 from number_tokens t where t.number_id = due.number_id and t.hold_until > clock_timestamp())
    group by due.number_id`);
  return rows.map((row) => ({ numberId: row.number_id, lanes: row.lanes }));
}
