import { and, desc, eq, sql } from "drizzle-orm";
import { recordVersions } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { recipients } from "../recipients";
import { GeneratedRecord, ownTexts, type RecordKind, recordTexts } from "../records";

export interface RecordView {
  kind: RecordKind;
  /** Undefined: not saved yet; then it is what it would be now. */
  number: number | undefined;
  savedAt: Date | null;
  savedBy: string | null;
  texts: Record<string, string>;
  generated: GeneratedRecord;
  /** What was generated when it was saved is not what would be now. */
  isOutdated: boolean;
  versions: { number: number; savedAt: Date; savedBy: string | null }[];
}

/** The newest version of a record, or the one asked for; where there is none, as it would be now. @throws AppError not_found */
export async function getRecord(
  ctx: Context,
  { kind, number }: { kind: RecordKind; number?: number },
): Promise<RecordView> {
  authorize(ctx, "rights.handle");
  const now = await generateRecord(ctx);
  const versions = await ctx.db
    .select({
      number: recordVersions.number,
      savedAt: recordVersions.savedAt,
      savedBy: sql<string | null>`(select name from users where id = ${recordVersions.savedBy})`,
    })
    .from(recordVersions)
    .where(eq(recordVersions.kind, kind))
    .orderBy(desc(recordVersions.number));
  const chosen = number === undefined ? versions[0] : versions.find((one) => one.number === number);
  if (!chosen) {
    if (number !== undefined) throw new AppError("not_found", { kind, number });
    const texts = ownTexts(kind, {});
    return { kind, number, savedAt: null, savedBy: null, texts, generated: now, isOutdated: false, versions };
  }
  const [row] = await ctx.db
    .select()
    .from(recordVersions)
    .where(and(eq(recordVersions.kind, kind), eq(recordVersions.number, chosen.number)));
  const generated = GeneratedRecord.parse(row?.generated);
  const texts = ownTexts(kind, recordTexts.parse(row?.texts));
  const isOutdated = JSON.stringify(essence(generated)) !== JSON.stringify(essence(now));
  return { kind, ...chosen, texts, generated, isOutdated, versions };
}

/** What makes a record out of date; that there are some people more does not. */
function essence({ people: _, activities, countries: __, ...rest }: GeneratedRecord) {
  return { ...rest, activities: activities.map(({ granted: ___, ...activity }) => activity) };
}

/** What the product knows about the processing, from its own tables. */
export async function generateRecord(ctx: Context): Promise<GeneratedRecord> {
  authorize(ctx, "rights.handle");
  const activities = await ctx.db.execute(sql`
    select p.name as purpose, b.name as brand, b.controller, p.category, p.lawful_basis as "lawfulBasis",
      p.validity_days as "validityDays", p.retention_days as "retentionDays",
      (select count(*)::int from consent_state s where s.purpose_id = p.id and s.status = 'granted') as granted
    from purposes p join brands b on b.id = p.brand_id order by b.name, p.name`);
  const [facts] = await ctx.db.execute<{
    people: number;
    sources: string[];
    attributes: string[];
    countries: string[];
  }>(sql`
    select (select count(*)::int from contacts where erased_at is null and merged_into is null) as people,
      array(select distinct source from consent_events order by source) as sources,
      array(select label from attribute_definitions order by label) as attributes,
      array(select distinct country from contacts where country is not null order by country) as countries`);
  const retention = await ctx.db.execute(sql`select what, kept from retention_terms()`);
  return GeneratedRecord.parse({
    ...facts,
    activities,
    retention,
    recipients: recipients.map(({ id: _, ...one }) => one),
  });
}
