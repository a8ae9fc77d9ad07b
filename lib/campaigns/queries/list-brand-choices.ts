import { asc } from "drizzle-orm";
import { brands } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** The brands that a new campaign may speak for, by name. */
export async function listBrandChoices(ctx: Context): Promise<{ id: string; name: string }[]> {
  authorize(ctx, "campaign.edit");
  return ctx.db.select({ id: brands.id, name: brands.name }).from(brands).orderBy(asc(brands.name)).limit(200);
}
