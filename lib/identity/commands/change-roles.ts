import { eq } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { getInstallation } from "../queries/get-installation";
import { requireRecentFactor } from "../recent-factor";
import { keepAnOwner, lockTeam, revokeSessions, userForUpdate } from "../store";
import { type ChangeRoles, mayManageRoles } from "../team";

/**
 * Gives a person other roles. They count from the next request on, and the person signs in again (a new session at a
 * role change, compliance/design.md 5). Nobody changes their own roles, except in solo mode: an owner could otherwise
 * make themselves the compliance officer who checks them.
 */
export async function changeRoles(ctx: Context, { userId, roles }: ChangeRoles): Promise<void> {
  authorize(ctx, "user.manage");
  await requireRecentFactor(ctx);
  await transaction(ctx, async (tx) => {
    await lockTeam(tx);
    const user = await userForUpdate(tx, userId);
    if (!mayManageRoles(tx.actor, [...user.roles, ...roles])) {
      throw new AppError("forbidden", { permission: "user.manage" });
    }
    const isSelf = tx.actor.kind === "user" && tx.actor.userId === userId;
    if (isSelf && !(await getInstallation(tx)).soloMode) throw new AppError("second_person_required");
    if (user.roles.includes("owner") && !roles.includes("owner")) await keepAnOwner(tx, userId);
    await tx.db.update(users).set({ roles }).where(eq(users.id, userId));
    await revokeSessions(
      tx,
      userId,
      isSelf && tx.actor.kind === "user" ? (tx.actor.sessionId ?? undefined) : undefined,
    );
    await audit(tx, "user.roles_changed", { before: user.roles, after: roles }, userId);
  });
}
