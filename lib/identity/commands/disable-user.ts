import { eq } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { closeAccessLinks, keepAnOwner, lockTeam, realNow, revokeSessions, userForUpdate } from "../store";
import { mayManageRoles, type UserChoice } from "../team";

/** Shuts a person out at once: sessions and links end, the account and its history stay. Repeating it changes nothing. */
export async function disableUser(ctx: Context, { userId }: UserChoice): Promise<void> {
  authorize(ctx, "user.manage");
  await transaction(ctx, async (tx) => {
    await lockTeam(tx);
    const user = await userForUpdate(tx, userId);
    if (!mayManageRoles(tx.actor, user.roles)) throw new AppError("forbidden", { permission: "user.manage" });
    if (tx.actor.kind === "user" && tx.actor.userId === userId) throw new AppError("second_person_required");
    if (user.disabledAt) return;
    if (user.roles.includes("owner")) await keepAnOwner(tx, userId);
    await tx.db
      .update(users)
      .set({ disabledAt: await realNow(tx) })
      .where(eq(users.id, userId));
    await revokeSessions(tx, userId);
    await closeAccessLinks(tx, userId);
    await audit(tx, "user.disabled", {}, userId);
  });
}
