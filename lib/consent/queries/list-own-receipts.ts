import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { preferencePerson } from "./preference-person";

/** What decides something; looks at the page and evidence that came later decide nothing. */
const types = [
  "requested",
  "granted",
  "confirmed",
  "renewed",
  "denied",
  "withdrawn",
  "invalidated",
  "expired",
] as const;

export interface OwnReceipt {
  eventId: string;
  type: (typeof types)[number];
  at: Date;
  /** Null: it was about everything. */
  purpose: string | null;
}

const MOST_RECEIPTS = 20;

/**
 * What a person has decided about a brand, newest first, behind their signed link; each has a receipt.
 *
 * @throws AppError not_found as getPreferences does
 */
export async function listOwnReceipts(ctx: Context, { token }: { token: string }): Promise<OwnReceipt[]> {
  authorize(ctx, "consent.record");
  const { contactId, brandId } = await preferencePerson(ctx, { token });
  const rows = await ctx.db.execute<{ id: string; type: OwnReceipt["type"]; at: string; purpose: string | null }>(sql`
    select e.id, e.type, e.occurred_at as at, p.name as purpose
    from consent_events e left join purposes p on p.id = e.purpose_id
    where e.lane = ${laneOf(contactId)}::smallint and e.contact_id = ${contactId}::uuid
      and e.type = any (${array([...types], "text")}) and (e.purpose_id is null or p.brand_id = ${brandId}::uuid)
    order by e.occurred_at desc, e.id desc limit ${MOST_RECEIPTS}::int`);
  return rows.map(({ id, type, at, purpose }) => ({ eventId: id, type, at: new Date(at), purpose }));
}
