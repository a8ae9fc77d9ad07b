import { and, eq, gt, isNull } from "drizzle-orm";
import { accessLinks, users } from "@/db/schema/identity";
import { authorize } from "../authorize";
import type { Context } from "../context";
import type { AccessLinkKind } from "../sessions";
import { realNow } from "../store";
import { hashToken } from "../tokens";

/** Whose link it is, for the page that greets them; undefined when it is unknown, used or out of date. */
export async function findAccessLink(
  ctx: Context,
  { token }: { token: string },
): Promise<{ kind: AccessLinkKind; name: string; email: string } | undefined> {
  authorize(ctx, "session.open");
  const [link] = await ctx.db
    .select({ kind: accessLinks.kind, name: users.name, email: users.email })
    .from(accessLinks)
    .innerJoin(users, and(eq(users.id, accessLinks.userId), isNull(users.disabledAt)))
    .where(
      and(
        eq(accessLinks.tokenHash, hashToken(token)),
        isNull(accessLinks.usedAt),
        gt(accessLinks.expiresAt, await realNow(ctx)),
      ),
    );
  return link;
}
