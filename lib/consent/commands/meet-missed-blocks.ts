import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { lockContacts } from "../store";
import { meetSuppressions } from "./suppress";

/** Blocks that are older have met everybody: no transaction that gave somebody a number was open for so long. */
const LOOK_BACK_MS = 24 * 3_600_000;

/**
 * Blocks whoever was given a number at the very moment at which that number was blocked: of two transactions that are open at
 * once neither sees the other. Answers how many people that were; may be repeated.
 */
export async function meetMissedBlocks(ctx: Context): Promise<number> {
  authorize(ctx, "consent.record");
  const since = new Date(ctx.now().getTime() - LOOK_BACK_MS);
  const rows = await ctx.db.execute<{ id: string }>(sql`
    select distinct owner.contact_id as id
    from suppression_lookups as block
    join identifier_index as owner on owner.lane = block.lane and owner.lookup = block.lookup
    where block.since > ${since}::timestamptz and block.lifted_at is null
      and (block.until is null or block.until > ${ctx.now()}::timestamptz)
      and not exists (select from contact_suppressions as own
        where own.lane = lane_of(owner.contact_id) and own.contact_id = owner.contact_id and own.kind = block.kind
          and own.lifted_at is null and (own.until is null or own.until > ${ctx.now()}::timestamptz))`);
  if (rows.length === 0) return 0;
  return transaction(ctx, async (tx) => {
    const ids = rows.map(({ id }) => id);
    const { alive } = await lockContacts(tx.db, ids);
    const blocked = await meetSuppressions(tx, [...alive]);
    return ids.filter((id) => blocked.has(id)).length;
  });
}
