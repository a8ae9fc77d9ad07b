import { asc, eq } from "drizzle-orm";
import { purposes } from "@/db/schema/consent";
import { phoneNumbers } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface BuilderChoices {
  purposes: { id: string; name: string; category: string }[];
  numbers: { id: string; wabaId: string; displayNumber: string; verifiedName: string }[];
}

/** What the builder offers for a campaign of this brand: its purposes and its numbers. */
export async function listBuilderChoices(ctx: Context, { brandId }: { brandId: string }): Promise<BuilderChoices> {
  authorize(ctx, "policy.read");
  const { db } = ctx;
  const [reasons, senders] = await Promise.all([
    db
      .select({ id: purposes.id, name: purposes.name, category: purposes.category })
      .from(purposes)
      .where(eq(purposes.brandId, brandId))
      .orderBy(asc(purposes.name))
      .limit(200),
    db
      .select({
        id: phoneNumbers.id,
        wabaId: phoneNumbers.wabaId,
        displayNumber: phoneNumbers.displayNumber,
        verifiedName: phoneNumbers.verifiedName,
      })
      .from(phoneNumbers)
      .where(eq(phoneNumbers.brandId, brandId))
      .orderBy(asc(phoneNumbers.createdAt))
      .limit(200),
  ]);
  return { purposes: reasons, numbers: senders };
}
