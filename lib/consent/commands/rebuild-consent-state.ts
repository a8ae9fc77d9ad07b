import { sql } from "drizzle-orm";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { projectStates } from "../projection";
import { loadHistories, loadPolicies, lockContacts, storeStates } from "../store";

const CONTACTS_PER_BATCH = 1_000;

/**
 * Folds every contact's events anew, a lane and a batch at a time, and answers how many rows of the projection were not
 * as they should be. Zero unless somebody changed the table by hand, or a purpose came after an opt-out (I5).
 */
export async function rebuildConsentState(ctx: Context): Promise<{ contacts: number; mended: number }> {
  authorize(ctx, "job.run");
  const totals = { contacts: 0, mended: 0 };
  for (let lane = 0; lane < LANES; lane++) {
    for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
      const rows = await ctx.db.execute<{ id: string }>(sql`
        select distinct contact_id as id from consent_events
        where lane = ${lane}::smallint and contact_id > ${after}::uuid order by contact_id limit ${CONTACTS_PER_BATCH}`);
      const ids = rows.map(({ id }) => id);
      totals.contacts += ids.length;
      totals.mended += await rebuild(ctx, ids);
      after = ids.at(-1) ?? after;
      if (ids.length < CONTACTS_PER_BATCH) break;
    }
  }
  return totals;
}

async function rebuild(ctx: Context, contactIds: readonly string[]): Promise<number> {
  if (contactIds.length === 0) return 0;
  return transaction(ctx, async (tx) => {
    await lockContacts(tx.db, contactIds);
    const policies = await loadPolicies(tx.db);
    const histories = await loadHistories(tx.db, contactIds);
    const states = [...histories].flatMap(([contactId, history]) =>
      projectStates(policies, history).map((state) => ({ ...state, contactId })),
    );
    return storeStates(tx.db, states);
  });
}
