import { sql } from "drizzle-orm";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type PlannedDirect, planDirect } from "../direct";
import { optOutConfirmation } from "../own-words";

/**
 * Tells somebody who opted out that it is done (compliance 1.5): a short text without marketing, in their language, once in
 * 24 hours and only while the window is open that they opened by writing.
 */
export async function confirmOptOut(
  ctx: Context,
  { contactId, numberId }: { contactId: string; numberId: string },
): Promise<PlannedDirect> {
  authorize(ctx, "consent.withdraw");
  return transaction(ctx, async (tx): Promise<PlannedDirect> => {
    const [row] = await tx.db.execute<{ language: string | null; country: string | null; brand: string }>(sql`
      select k.language, k.country, b.name as brand from contacts k, phone_numbers p join brands b on b.id = p.brand_id
      where k.lane = ${laneOf(contactId)}::smallint and k.id = ${contactId}::uuid and p.id = ${numberId}::uuid`);
    if (!row) return { kind: "gone" };
    const text = optOutConfirmation(row, row.brand);
    return planDirect(tx, { contactId, numberId, kind: "opt_out_confirmation", draft: { kind: "text", text } });
  });
}
