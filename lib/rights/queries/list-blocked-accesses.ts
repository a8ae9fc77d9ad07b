import { desc, eq } from "drizzle-orm";
import { rightsBlockedAccesses } from "@/db/schema/rights";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { personOf } from "../store";

export interface BlockedAccessView {
  accessId: string;
  ground: "court" | "prosecutor" | "authority" | "claim";
  reference: string;
  askedAt: Date;
  expiresAt: Date | null;
  isAllowed: boolean;
  isOwn: boolean;
}

/** Who asked for what of one person, newest first. */
export async function listBlockedAccesses(
  ctx: Context,
  { contactId }: { contactId: string },
): Promise<BlockedAccessView[]> {
  authorize(ctx, "rights.erase");
  const person = personOf(ctx);
  const rows = await ctx.db
    .select()
    .from(rightsBlockedAccesses)
    .where(eq(rightsBlockedAccesses.contactId, contactId))
    .orderBy(desc(rightsBlockedAccesses.askedAt));
  return rows.map(({ id, ground, reference, askedAt, expiresAt, allowedAt, askedBy }) => ({
    accessId: id,
    ground,
    reference,
    askedAt,
    expiresAt,
    isAllowed: allowedAt !== null,
    isOwn: askedBy === person,
  }));
}
