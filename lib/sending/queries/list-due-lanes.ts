import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface DueNumber {
  numberId: string;
  /** Lanes in which a message of a running campaign of this number is due now. */
  lanes: number[];
}

/** Where there is something to send, by number, unless Meta made the number wait. One index probe per lane and running campaign's number. */
export async function listDueLanes(ctx: Context): Promise<DueNumber[]> {
  authorize(ctx, "job.run");
  const rows = await ctx.db.execute<{ number_id: string; lanes: number[] }>(sql`
    select c.number_id, array_agg(distinct l.lane order by l.lane) as lanes
    from campaigns c cross join generate_series(0, ${LANES - 1}) as l(lane)
    where c.status = 'sending' and c.number_id is not null
      and not exists (select 1 from number_tokens t where t.number_id = c.number_id and t.hold_until > clock_timestamp())
      and exists (select 1 from messages m
        where m.lane = l.lane and m.state = 'queued' and m.not_before <= app_now() and m.campaign_id = c.id)
    group by c.number_id`);
  return rows.map((row) => ({ numberId: row.number_id, lanes: row.lanes }));
}
