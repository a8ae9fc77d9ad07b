import { asc } from "drizzle-orm";
import { brands } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** The brands that a number can speak for, by name. */
export async function listBrands(ctx: Context): Promise<{ id: string; name: string }[]> {
  authorize(ctx, "number.read");
  return ctx.db.select({ id: brands.id, name: brands.name }).from(brands).orderBy(asc(brands.name));
}
