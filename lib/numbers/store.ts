import { installation } from "@/db/schema/installation";
import type { Context } from "@/lib/identity/context";

export async function installationMode(ctx: Context): Promise<"sandbox" | "live" | undefined> {
  const [row] = await ctx.db.select({ mode: installation.mode }).from(installation);
  return row?.mode;
}
