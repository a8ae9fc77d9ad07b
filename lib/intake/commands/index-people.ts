import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { peopleNamed } from "../people-named";
import type { Placed } from "../placed";

/**
 * Notes which bodies name whom, so that an erased person's bodies are found without opening every one (compliance 2.5). Not for
 * statuses that were kept with their body at a message of whom they name: those are found there.
 */
export async function indexPeople(tx: Context, placed: readonly Placed[]): Promise<void> {
  authorize(tx, "job.run");
  const named = peopleNamed(tx.secrets.lookupKey, placed);
  if (named.length === 0) return;
  const column = <Key extends keyof (typeof named)[number]>(key: Key) => named.map((one) => one[key]);
  await tx.db.execute(sql`
    insert into webhook_inbox_contacts (lane, lookup, inbox_id, inbox_lane)
    select lane_of_hash(n.lookup), n.lookup, n.inbox_id, n.inbox_lane
    from unnest(${array(column("lookup"), "bytea")}, ${array(column("inboxId"), "uuid")},
      ${array(column("inboxLane"), "smallint")}) as n (lookup, inbox_id, inbox_lane)
    order by 1, 2, 3 -- one order for all workers
    on conflict do nothing`);
}
