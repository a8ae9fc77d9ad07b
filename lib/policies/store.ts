import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { policyCountries, policyHolidays, policyWindows, policyZones } from "@/db/schema/policies";
import type { Context } from "@/lib/identity/context";
import { type PolicyRules, policyRules } from "./policy";

/** Writes an approved version out, a row for each thing that the gate asks. `rules` is the whole; these are its index. */
export async function writeOut(tx: Context, versionId: string, { rules, zones, holidays }: PolicyRules): Promise<void> {
  const countries = Object.entries(rules);
  await tx.db.insert(policyCountries).values(
    countries.map(([country, rule]) => ({
      versionId,
      country,
      closesOnHolidays: rule.holidays,
      perDay: rule.perDay,
      perWeek: rule.perWeek,
      blockedCategories: rule.blockedCategories ?? [],
      consentAge: rule.consentAge ?? null,
    })),
  );
  const windows = countries.flatMap(([country, { days }]) =>
    Object.entries(days).flatMap(([weekday, list]) =>
      list.map(([opens, closes]) => ({ versionId, country, weekday: Number(weekday), opens, closes })),
    ),
  );
  if (windows.length > 0) await tx.db.insert(policyWindows).values(windows);
  const places = Object.entries(zones).flatMap(([country, list]) =>
    [...new Set(list)].map((zone) => ({ versionId, country, zone })),
  );
  if (places.length > 0) await tx.db.insert(policyZones).values(places);
  const days = Object.entries(holidays).flatMap(([country, list]) =>
    [...new Set(list)].map((day) => ({ versionId, country, day })),
  );
  if (days.length > 0) await tx.db.insert(policyHolidays).values(days);
}

/** Zones of these that the database cannot compute with. */
export async function unknownZones(ctx: Context, { zones }: PolicyRules): Promise<string[]> {
  const all = [...new Set(Object.values(zones).flat())];
  const rows = await ctx.db.execute<{ name: string }>(sql`
    select u.name from unnest(${array(all, "text")}) as u(name)
    where not exists (select from time_zone_names t where t.name = u.name)`);
  return rows.map(({ name }) => name);
}

/** Number of the version that comes next; the lock lets nobody else take it. */
export async function nextNumber(tx: Context): Promise<number> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('policy versions'))`);
  const [row] = await tx.db.execute<{ next: number }>(
    sql`select coalesce(max(number), 0) + 1 as next from policy_versions`,
  );
  return row?.next ?? 1;
}

/** Rules as stored; what an older version wrote in another shape throws. */
export function readRules(stored: unknown): PolicyRules {
  return policyRules.parse(stored);
}
