import { installation } from "@/db/schema/installation";
import { authorize } from "../authorize";
import type { Context } from "../context";

/** What this database is and how its organisation counts time and money. */
export interface Installation {
  mode: "sandbox" | "live";
  name: string;
  /** IANA name: the organisation's own clock. */
  timeZone: string;
  /** ISO 4217: what amounts are reported in. */
  currency: string;
  /** ISO 3166 alpha-2: how numbers without a country code are read. */
  country: string;
  soloMode: boolean;
}

export async function getInstallation(ctx: Context): Promise<Installation> {
  authorize(ctx, "installation.read");
  const [row] = await ctx.db
    .select({
      mode: installation.mode,
      name: installation.name,
      timeZone: installation.timeZone,
      currency: installation.currency,
      country: installation.country,
      soloMode: installation.soloMode,
    })
    .from(installation);
  if (!row) throw new Error("the database has no installation row: run the migrations");
  return row;
}
