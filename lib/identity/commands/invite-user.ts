import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { requireRecentFactor } from "../recent-factor";
import { insertUser, openAccessLink } from "../store";
import { type InviteUser, mayManageRoles } from "../team";

/** A link to hand over: without SMTP whoever made it copies it (decision 15). The token is shown once. */
export interface HandedLink {
  userId: string;
  token: string;
  expiresAt: Date;
}

/** Adds a person who chooses a password through the link. Throws conflict when the address is already a person's. */
export async function inviteUser(ctx: Context, { email, name, roles }: InviteUser): Promise<HandedLink> {
  authorize(ctx, "user.manage");
  await requireRecentFactor(ctx);
  if (!mayManageRoles(ctx.actor, roles)) throw new AppError("forbidden", { permission: "user.manage" });
  return transaction(ctx, async (tx) => {
    const userId = newId();
    await insertUser(tx, { id: userId, email, name, roles, passwordHash: null });
    const link = await openAccessLink(tx, { userId, kind: "invitation" });
    await audit(tx, "user.invited", { roles }, userId);
    return { userId, ...link };
  });
}
