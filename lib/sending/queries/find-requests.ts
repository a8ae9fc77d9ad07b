import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { wamidHash } from "../commands/record-outcomes";

/** When the request happened that each of these questions of ours rests on, by Meta's id of the question. */
export async function findRequests(ctx: Context, wamids: readonly string[]): Promise<Map<string, Date>> {
  authorize(ctx, "job.run");
  if (wamids.length === 0) return new Map();
  const byHash = new Map(wamids.map((wamid) => [wamidHash(wamid).toString("hex"), wamid]));
  const hashes = [...byHash.keys()].map((hex) => Buffer.from(hex, "hex"));
  const rows = await ctx.db.execute<{ key: string; at: string }>(sql`
    select encode(d.hash, 'hex') as key, e.occurred_at as at
    from unnest(${array(hashes, "bytea")}) as d(hash)
    join wamids w on w.lane = lane_of_hash(d.hash) and w.wamid_hash = d.hash
    join messages m on m.lane = w.message_lane and m.id = w.message_id and m.kind = 'consent_request'
    join consent_events e on e.lane = m.lane and e.id = m.ground_id`);
  return new Map(rows.map(({ key, at }) => [byHash.get(key) ?? "", new Date(at)]));
}
