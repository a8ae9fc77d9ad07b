import { and, eq, gt, isNull } from "drizzle-orm";
import { accessLinks, users } from "@/db/schema/identity";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { actingAs, type Context, transaction } from "../context";
import { hashPassword, passwordProblem } from "../passwords";
import { closeAccessLinks, realNow, revokeSessions, userForUpdate } from "../store";
import type { AcceptAccessLink } from "../team";
import { hashToken } from "../tokens";

/**
 * Sets the password of whoever holds the link, ends their sessions and every link of theirs.
 *
 * @throws AppError("not_found") for a link that is unknown, used or out of date;
 * AppError("invalid_input", { field: "password", reason }) for a password that is refused, which leaves the link usable
 */
export async function acceptAccessLink(
  ctx: Context,
  { token, password }: AcceptAccessLink,
): Promise<{ userId: string; email: string }> {
  authorize(ctx, "session.open");
  return transaction(ctx, async (tx) => {
    const at = await realNow(tx);
    const [link] = await tx.db
      .update(accessLinks)
      .set({ usedAt: at })
      .where(
        and(eq(accessLinks.tokenHash, hashToken(token)), isNull(accessLinks.usedAt), gt(accessLinks.expiresAt, at)),
      )
      .returning({ userId: accessLinks.userId, kind: accessLinks.kind });
    if (!link) throw new AppError("not_found", { what: "access_link" });
    const user = await userForUpdate(tx, link.userId);
    if (user.disabledAt) throw new AppError("not_found", { what: "access_link" });
    const problem = passwordProblem(password, user.email);
    if (problem) throw new AppError("invalid_input", { field: "password", reason: problem });
    await tx.db
      .update(users)
      .set({ passwordHash: await hashPassword(password) })
      .where(eq(users.id, user.id));
    await closeAccessLinks(tx, user.id);
    await revokeSessions(tx, user.id);
    const person = actingAs(tx, { kind: "user", userId: user.id, roles: user.roles, sessionId: null });
    await audit(person, "user.password_set", { kind: link.kind }, user.id);
    return { userId: user.id, email: user.email };
  });
}
