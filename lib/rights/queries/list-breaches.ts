import { desc, sql } from "drizzle-orm";
import { breaches } from "@/db/schema/rights";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type BreachClock, breachClock } from "../breach";

export type BreachView = typeof breaches.$inferSelect & { clock: BreachClock };

/** The register, open ones first, then the latest. */
export async function listBreaches(ctx: Context): Promise<BreachView[]> {
  authorize(ctx, "rights.handle");
  const rows = await ctx.db
    .select()
    .from(breaches)
    .orderBy(sql`${breaches.closedAt} is not null`, desc(breaches.detectedAt));
  return rows.map((row) => ({ ...row, clock: breachClock(row, ctx.now()) }));
}
