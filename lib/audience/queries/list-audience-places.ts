import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface AudiencePlaces {
  /** ISO 3166-1 alpha-2, most people first. */
  countries: string[];
  /** BCP 47, most people first. */
  languages: string[];
}

const MOST = 100;

/** The countries and languages of the people we know: what a segment may ask for with an answer. */
export async function listAudiencePlaces(ctx: Context): Promise<AudiencePlaces> {
  authorize(ctx, "contact.read");
  const rows = await ctx.db.execute<{ country: string | null; language: string | null; count: number }>(sql`
    select country, language, count(*)::int as count from contacts where erased_at is null and merged_into is null group by country, language`);
  const mostFirst = (of: "country" | "language") => {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const value = row[of];
      if (value !== null) counts.set(value, (counts.get(value) ?? 0) + row.count);
    }
    return [...counts]
      .sort(([one, few], [other, many]) => many - few || one.localeCompare(other))
      .slice(0, MOST)
      .map(([value]) => value);
  };
  return { countries: mostFirst("country"), languages: mostFirst("language") };
}
