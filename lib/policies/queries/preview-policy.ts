import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { DEFAULT_COUNTRY, type PolicyRules, ruleOf } from "../policy";
import { sendingWindow, type Window } from "../quiet-hours";
import { getPolicyInForce } from "./get-policy";

export interface AffectedCountry {
  /** ISO code; null: people whose country is unknown. */
  country: string | null;
  people: number;
  before: Window | null;
  after: Window;
}

/** Who is affected by rules that are not in force yet: every country whose rule or zones differ, most people first. */
export async function previewPolicy(ctx: Context, { rules }: { rules: PolicyRules }): Promise<AffectedCountry[]> {
  authorize(ctx, "policy.read");
  const inForce = await getPolicyInForce(ctx);
  const counts = await ctx.db.execute<{ country: string | null; people: number }>(sql`
    select country, count(*)::int as people from contacts where erased_at is null and merged_into is null
    group by country order by people desc, country`);
  const now = ctx.now();
  return counts
    .filter(({ country }) => !inForce || differs(inForce.rules, rules, country))
    .map(({ country, people }) => ({
      country,
      people,
      before: inForce ? sendingWindow(inForce.rules, { country, zone: null }, now) : null,
      after: sendingWindow(rules, { country, zone: null }, now),
    }));
}

function differs(before: PolicyRules, after: PolicyRules, country: string | null): boolean {
  const of = (rules: PolicyRules) =>
    JSON.stringify([ruleOf(rules, country), rules.zones[country ?? DEFAULT_COUNTRY], rules.holidays[country ?? ""]]);
  return of(before) !== of(after);
}
