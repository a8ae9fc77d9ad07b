import { desc } from "drizzle-orm";
import { breaches } from "@/db/schema/rights";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type BreachClock, breachClock } from "../breach";

export type BreachView = typeof breaches.$inferSelect & { clock: BreachClock };

/** The register: what is open first, and of it what has least time; then what is closed, the latest first. */
export async function listBreaches(ctx: Context): Promise<BreachView[]> {
  authorize(ctx, "rights.handle");
  const rows = await ctx.db.select().from(breaches).orderBy(desc(breaches.detectedAt));
  return rows
    .map((row) => ({ ...row, clock: breachClock(row, ctx.now()) }))
    .toSorted((one, other) => hoursLeft(one) - hoursLeft(other));
}

/** For the order: negative when overdue; what needs no notice any more comes after all that does, what is closed last. */
function hoursLeft({ clock, closedAt }: BreachView): number {
  if (closedAt) return Number.MAX_SAFE_INTEGER;
  if (clock.kind === "overdue") return -clock.hours;
  return clock.kind === "running" ? clock.hoursLeft : ALL_TOLD;
}

/** More than the 72 hours that any clock can show. */
const ALL_TOLD = 100;
