import { asc } from "drizzle-orm";
import { purposes } from "@/db/schema/consent";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export type Purpose = typeof purposes.$inferSelect;

/** Every purpose of every brand, oldest first. */
export async function listPurposes(ctx: Context): Promise<Purpose[]> {
  authorize(ctx, "policy.read");
  return ctx.db.select().from(purposes).orderBy(asc(purposes.createdAt), asc(purposes.id));
}
