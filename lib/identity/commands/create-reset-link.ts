import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { requireRecentFactor } from "../recent-factor";
import { openAccessLink, userForUpdate } from "../store";
import { mayManageRoles, type UserChoice } from "../team";
import type { HandedLink } from "./invite-user";

/**
 * A new link for somebody who lost the password, or whose invitation ran out. Earlier links stop working; the old
 * password keeps working until the link is used.
 */
export async function createResetLink(ctx: Context, { userId }: UserChoice): Promise<HandedLink> {
  authorize(ctx, "user.manage");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const user = await userForUpdate(tx, userId);
    if (!mayManageRoles(tx.actor, user.roles)) throw new AppError("forbidden", { permission: "user.manage" });
    if (user.disabledAt) throw new AppError("conflict", { reason: "disabled" });
    const kind = user.passwordHash === null ? "invitation" : "reset";
    const link = await openAccessLink(tx, { userId, kind });
    await audit(tx, "user.link_created", { kind }, userId);
    return { userId, ...link };
  });
}
