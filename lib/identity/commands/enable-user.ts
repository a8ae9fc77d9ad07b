import { eq } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { userForUpdate } from "../store";
import { mayManageRoles, type UserChoice } from "../team";

/** Lets a person who was shut out in again, with the password they had. */
export async function enableUser(ctx: Context, { userId }: UserChoice): Promise<void> {
  authorize(ctx, "user.manage");
  await transaction(ctx, async (tx) => {
    const user = await userForUpdate(tx, userId);
    if (!mayManageRoles(tx.actor, user.roles)) throw new AppError("forbidden", { permission: "user.manage" });
    if (!user.disabledAt) return;
    await tx.db.update(users).set({ disabledAt: null }).where(eq(users.id, userId));
    await audit(tx, "user.enabled", {}, userId);
  });
}
