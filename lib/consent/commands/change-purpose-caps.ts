import { eq } from "drizzle-orm";
import * as z from "zod";
import { purposes } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

const cap = z.int().min(1).max(1_000).nullable();

/** What a person gets at most for one purpose, over all campaigns; null: no cap of its own, the country's still holds. */
export const ChangePurposeCaps = z.object({
  purposeId: z.uuid(),
  perDay: cap,
  perWeek: cap,
  perMonth: cap,
  /** At least so many hours between two messages. */
  spacingHours: z.int().min(1).max(720).nullable(),
  /** Who left so many in a row unread is left out of campaigns. */
  unreadLimit: z.int().min(2).max(20).nullable(),
});
export type ChangePurposeCaps = z.output<typeof ChangePurposeCaps>;

/**
 * Changes how often people may get something for a purpose. Caps and spacing hold from the next message on, whatever campaign it is
 * of; whom nobody reads is asked when a campaign is planned.
 *
 * @throws AppError("not_found")
 */
export async function changePurposeCaps(ctx: Context, { purposeId, ...to }: ChangePurposeCaps): Promise<void> {
  authorize(ctx, "policy.approve");
  await transaction(ctx, async (tx) => {
    const [before] = await tx.db.select().from(purposes).where(eq(purposes.id, purposeId)).for("update");
    if (!before) throw new AppError("not_found", { purposeId });
    const { perDay, perWeek, perMonth, spacingHours, unreadLimit } = before;
    await tx.db.update(purposes).set(to).where(eq(purposes.id, purposeId));
    await audit(
      tx,
      "purpose.caps_changed",
      { from: { perDay, perWeek, perMonth, spacingHours, unreadLimit }, to },
      purposeId,
    );
  });
}
