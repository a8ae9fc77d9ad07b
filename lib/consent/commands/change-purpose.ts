import { eq } from "drizzle-orm";
import * as z from "zod";
import { purposes } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { CreatePurpose } from "./create-purpose";

const { name, minAge, retentionDays } = CreatePurpose.shape;
export const ChangePurpose = z.object({
  purposeId: z.uuid(),
  name,
  minAge: minAge.unwrap(),
  retentionDays: retentionDays.unwrap(),
  reason: z.string().trim().min(1).max(500),
});
export type ChangePurpose = z.output<typeof ChangePurpose>;

/**
 * Changes what may change of a purpose. How its events are folded (validity, confirmation, category, basis) is what people agreed
 * to, and reading their history anew by other terms would change what they said: that takes a new purpose. The log keeps both.
 *
 * @throws AppError("not_found")
 */
export async function changePurpose(ctx: Context, { purposeId, reason, ...to }: ChangePurpose): Promise<void> {
  authorize(ctx, "policy.approve");
  await transaction(ctx, async (tx) => {
    const [before] = await tx.db.select().from(purposes).where(eq(purposes.id, purposeId)).for("update");
    if (!before) throw new AppError("not_found", { purposeId });
    const from = { name: before.name, minAge: before.minAge, retentionDays: before.retentionDays };
    await tx.db.update(purposes).set(to).where(eq(purposes.id, purposeId));
    await audit(tx, "purpose.changed", { from, to, reason }, purposeId);
  });
}
