import { and, eq, isNull } from "drizzle-orm";
import * as z from "zod";
import { optInKeywords } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

export const RetireKeyword = z.object({ keywordId: z.uuid() });

/** From now on the word means nothing. What people agreed to with it stands. */
export async function retireKeyword(ctx: Context, { keywordId }: z.infer<typeof RetireKeyword>): Promise<void> {
  authorize(ctx, "form.edit");
  await transaction(ctx, async (tx) => {
    const [retired] = await tx.db
      .update(optInKeywords)
      .set({ retiredAt: tx.now() })
      .where(and(eq(optInKeywords.id, keywordId), isNull(optInKeywords.retiredAt)))
      .returning({ id: optInKeywords.id });
    if (!retired) throw new AppError("not_found", { what: "keyword" });
    await audit(tx, "opt_in_keyword.retired", { id: keywordId }, keywordId);
  });
}
