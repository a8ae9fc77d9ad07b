import { phoneNumbers } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { readNumberHealth } from "./read-number-health";

/** Reads every number at Meta, one after the other; one that fails is marked so and holds up nobody. */
export async function readNumbers(ctx: Context): Promise<void> {
  authorize(ctx, "number.manage");
  const rows = await ctx.db.select({ id: phoneNumbers.id }).from(phoneNumbers).orderBy(phoneNumbers.createdAt);
  for (const { id: numberId } of rows) await readNumberHealth(ctx, { numberId });
}
