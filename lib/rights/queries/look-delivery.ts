import { eq } from "drizzle-orm";
import { rightsLinks } from "@/db/schema/rights";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { judgeLink, type LinkVerdict, secretHash } from "../delivery";

/** How a link stands for whoever holds it, without opening the package. */
export async function lookDelivery(
  ctx: Context,
  { token, claim }: { token: string; claim: string | undefined },
): Promise<{ verdict: LinkVerdict; expiresAt: Date | null }> {
  authorize(ctx, "rights.deliver");
  const [link] = await ctx.db
    .select()
    .from(rightsLinks)
    .where(eq(rightsLinks.tokenHash, secretHash(token)));
  return { verdict: judgeLink(link, claim, ctx.now()), expiresAt: link?.expiresAt ?? null };
}
