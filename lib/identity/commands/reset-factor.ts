import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { deleteFactor } from "../factor/store";
import { requireRecentFactor } from "../recent-factor";
import { lockTeam, revokeSessions, userForUpdate } from "../store";
import { mayManageRoles, type UserChoice } from "../team";

/**
 * For somebody who lost phone and recovery codes: another person takes the app away, so that the next sign-in sets up a new
 * one. Never for oneself. Their sessions end.
 */
export async function resetFactor(ctx: Context, { userId }: UserChoice): Promise<void> {
  authorize(ctx, "user.manage");
  await requireRecentFactor(ctx);
  await transaction(ctx, async (tx) => {
    await lockTeam(tx);
    const user = await userForUpdate(tx, userId);
    if (!mayManageRoles(tx.actor, user.roles)) throw new AppError("forbidden", { permission: "user.manage" });
    if (tx.actor.kind === "user" && tx.actor.userId === userId) throw new AppError("second_person_required");
    if (!(await deleteFactor(tx, userId))) return;
    await revokeSessions(tx, userId);
    await audit(tx, "factor.reset", {}, userId);
  });
}
