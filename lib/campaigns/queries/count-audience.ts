import { type SQL, sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { compileSegment } from "@/lib/segments/compile";
import type { SegmentRule } from "@/lib/segments/segment";

export interface AudienceQuestion {
  rule: SegmentRule;
  purposeId: string;
  /** What messages want to say about each person: counted are the reachable people who lack it. */
  lacking?: { attributes: readonly string[]; name: boolean };
}

/** The waterfall: matches − withoutConsent − suppressed = reachable, at every moment. */
export interface AudienceCount {
  matches: number;
  /** No consent for the purpose that is valid now: none, pending, withdrawn, expired, or given under a revoked text. */
  withoutConsent: number;
  /** With consent, but blocked: opted out of marketing, complaint, restriction. */
  suppressed: number;
  reachable: number;
  /** Reachable people by country, most first; null: country unknown. */
  countries: { country: string | null; reachable: number }[];
  /** The same by place: country and zone, either of them null where it is unknown. */
  places: { country: string | null; zone: string | null; reachable: number }[];
  /** Reachable people who lack an attribute, by its key, and who have no name. */
  lacking: { attributes: Record<string, number>; name: number };
}

/**
 * Whom a campaign would reach now, in one pass over the segment. The same conditions as the gate's checks 4, 5 and 6, so
 * that the figure a person approves is the figure that the planner finds.
 */
export async function countAudience(ctx: Context, question: AudienceQuestion): Promise<AudienceCount> {
  authorize(ctx, "segment.read");
  const { attributes = [], name = false } = question.lacking ?? {};
  const lackingColumns = attributes.map(
    (key, index) =>
      sql`count(*) filter (where is_reachable and ${isBlank(key)})::int as ${sql.identifier(`a${index}`)}`,
  );
  const nameColumn = name ? sql`count(*) filter (where is_reachable and not has_name)::int` : sql`0`;
  const rows = await ctx.db.execute<CountRow>(sql`
    select country, zone, count(*)::int as matches,
      count(*) filter (where not has_consent)::int as without_consent,
      count(*) filter (where has_consent and is_blocked)::int as suppressed,
      count(*) filter (where is_reachable)::int as reachable,
      ${sql.join([sql`${nameColumn} as nameless`, ...lackingColumns], sql`, `)}
    from (
      select *, has_consent and not is_blocked as is_reachable
      from (${judgedContacts(ctx, question)}) as judged
    ) as people
    group by country, zone order by reachable desc, country, zone`);
  return summarise(rows, attributes);
}

interface CountRow extends Record<string, unknown> {
  country: string | null;
  zone: string | null;
  matches: number;
  without_consent: number;
  suppressed: number;
  reachable: number;
  nameless: number;
}

function judgedContacts(ctx: Context, { rule, purposeId }: AudienceQuestion): SQL {
  const now = ctx.now();
  return sql`
    select contacts.country, known.name as zone, contacts.attributes, contacts.name_sealed is not null as has_name,
      (state.status = 'granted' and (state.expires_at is null or state.expires_at > ${now})
        and state.basis_event_id is not null and wording.revoked_at is null) is true as has_consent,
      contacts.restricted_at is not null or block.contact_id is not null as is_blocked
    from contacts
    left join time_zone_names as known on known.name = contacts.time_zone
    left join consent_state as state
      on state.lane = contacts.lane and state.contact_id = contacts.id and state.purpose_id = ${purposeId}
    left join wording_versions as wording on wording.id = state.wording_version_id
    left join (
      select distinct lane, contact_id from contact_suppressions
      where lifted_at is null and (until is null or until > ${now})
        and (scope = 'all' or (select category from purposes where id = ${purposeId}) = 'MARKETING')
    ) as block on block.lane = contacts.lane and block.contact_id = contacts.id
    where contacts.erased_at is null and contacts.merged_into is null and (${compileSegment(rule)})`;
}

/** As parameters.ts sees it: absent, or nothing but space. */
function isBlank(key: string): SQL {
  return sql`coalesce(attributes ->> ${key}::text, '') !~ '\\S'`;
}

function summarise(rows: readonly CountRow[], attributes: readonly string[]): AudienceCount {
  const total = (column: string) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  return {
    matches: total("matches"),
    withoutConsent: total("without_consent"),
    suppressed: total("suppressed"),
    reachable: total("reachable"),
    countries: byCountry(rows),
    places: rows.flatMap(({ country, zone, reachable }) => (reachable > 0 ? [{ country, zone, reachable }] : [])),
    lacking: {
      attributes: Object.fromEntries(attributes.map((key, index) => [key, total(`a${index}`)])),
      name: total("nameless"),
    },
  };
}

function byCountry(rows: readonly CountRow[]): AudienceCount["countries"] {
  const countries = new Map<string | null, number>();
  for (const { country, reachable } of rows) countries.set(country, (countries.get(country) ?? 0) + reachable);
  return [...countries]
    .flatMap(([country, reachable]) => (reachable > 0 ? [{ country, reachable }] : []))
    .sort((one, two) => two.reachable - one.reachable);
}
