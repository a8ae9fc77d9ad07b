import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ConsentStatus, consentStatuses } from "../consent";

/** How many contacts stand where for a purpose, now; `none` counts everybody without a state. The erased are not counted. */
export async function countByState(
  ctx: Context,
  { purposeId }: { purposeId: string },
): Promise<Record<ConsentStatus, number>> {
  authorize(ctx, "contact.read");
  const rows = await ctx.db.execute<{ status: ConsentStatus; count: number }>(sql`
    select case
        when state.status = 'granted' and state.expires_at <= ${ctx.now()}::timestamptz then 'expired'
        when state.status = 'pending' and state.pending_until < ${ctx.now()}::timestamptz then 'expired'
        else coalesce(state.status, 'none') end as status,
      count(*)::int as count
    from contacts
    left join consent_state as state
      on state.lane = contacts.lane and state.contact_id = contacts.id and state.purpose_id = ${purposeId}::uuid
    where contacts.erased_at is null and contacts.merged_into is null
    group by 1`);
  const counts = Object.fromEntries(consentStatuses.map((status) => [status, 0]));
  for (const { status, count } of rows) counts[status] = count;
  return counts as Record<ConsentStatus, number>; // every status was put in above
}
