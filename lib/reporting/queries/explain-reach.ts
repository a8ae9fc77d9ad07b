import { sql } from "drizzle-orm";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { GateCheck } from "@/lib/sending/checks";

/** The gate's checks that are about a person at a moment, in the gate's order; the others are about a message. */
export const reachChecks = [
  "kill_switch",
  "contact_free",
  "consent_valid",
  "not_suppressed",
  "market_and_age",
  "quiet_hours",
  "frequency_caps",
] as const satisfies readonly GateCheck[];
export type ReachCheck = (typeof reachChecks)[number];

export interface ReachVerdict {
  check: ReachCheck;
  isPassed: boolean;
  /** As the gate would say it; null where it passes. */
  reason: string | null;
  /** Until when it holds, or does not, where that is known. */
  until: Date | null;
}

export interface Reach {
  purposeId: string;
  purposeName: string;
  mayWrite: boolean;
  checks: ReachVerdict[];
}

interface Row extends Record<string, unknown> {
  id: string;
  name: string;
  is_killed: boolean;
  free: string | null;
  consent: string;
  expires_at: string | null;
  revoked: boolean;
  block: string | null;
  block_until: string | null;
  market: string | null;
  is_open: boolean | null;
  next_open_at: string | null;
  caps: string | null;
  caps_until: string | null;
}

/**
 * "Why may we, or may we not, write to this person now?" For every purpose the gate's own checks 1, 4 to 9, computed from the
 * same facts and by the same rules (drizzle/, function gate), for a message without a deadline that the person has not got.
 */
export async function explainReach(ctx: Context, { contactId }: { contactId: string }): Promise<Reach[]> {
  authorize(ctx, "consent.read");
  const now = sql`${ctx.now()}::timestamptz`;
  const lane = sql`${laneOf(contactId)}::smallint`;
  const rows = await ctx.db.execute<Row>(sql`
    with person as materialized (
      select k.*, z.name as zone, policy_in_force(${now}) as policy
      from contacts k left join time_zone_names z on z.name = k.time_zone
      where k.lane = ${lane} and k.id = ${contactId}::uuid
    ), sent as materialized (
      select a.authorised_at as at, m.purpose_id, coalesce(p.category = 'MARKETING', false) as is_marketing from send_attempts a
      join messages m on m.lane = a.lane and m.id = a.message_id
      left join purposes p on p.id = m.purpose_id
      where a.lane = ${lane} and a.contact_id = ${contactId}::uuid and a.authorised_at > ${now} - interval '720 hours'
        and not exists (select from attempt_outcomes o where o.lane = a.lane and o.attempt_id = a.id
          and o.kind in ('unsent', 'retry', 'rejected'))
      union all
      -- Of what somebody got as another contact only the category is known: marketing counts for every marketing purpose.
      select authorised_at, null, true from merged_attempts where lane = ${lane} and contact_id = ${contactId}::uuid
        and is_marketing and authorised_at > ${now} - interval '720 hours'
    ), used as (
      select count(*) filter (where at > ${now} - interval '24 hours') as in_day, count(*) as in_week,
        array_agg(at order by at desc) as times
      from sent where is_marketing and at > ${now} - interval '168 hours'
    ), cooling as (
      select marketing_rests_until(${lane}, ${contactId}::uuid, ${now}) as until
    )
    select p.id, p.name,
      exists (select from kill_switches where released_at is null and level = 'installation') as is_killed,
      case when k.erased_at is not null then 'erased' when k.merged_into is not null then 'merged'
        when k.restricted_at is not null then 'restricted' end as free,
      case when s.status = 'granted' and s.expires_at <= ${now} then 'expired'
        when s.status = 'granted' and s.basis_event_id is null then 'none' else coalesce(s.status, 'none') end as consent,
      case when s.status = 'granted' then s.expires_at end as expires_at, w.revoked_at is not null as revoked,
      b.kind as block, b.until as block_until,
      case when k.policy is null then 'rules_missing' when y.country is null then 'country_unknown'
        when p.category = any (y.blocked_categories) then 'market_blocked'
        when k.age_at_least is null and p.min_age is not null then 'age_unknown'
        when k.age_at_least < greatest(coalesce(p.min_age, 0), coalesce(y.consent_age, 0)) then 'too_young' end as market,
      l.is_open, l.next_open_at,
      case when y.country is null then 'rules_missing' when own.room_at > ${now} then 'purpose_cap'
        when p.category <> 'MARKETING' then null when used.in_day >= y.per_day or used.in_week >= y.per_week then 'frequency_cap'
        when cooling.until > ${now} then 'cooling_down' end as caps,
      greatest(own.room_at, case when p.category = 'MARKETING' then greatest(
        case when used.in_day >= y.per_day then used.times[nullif(y.per_day, 0)] + interval '24 hours' end,
        case when used.in_week >= y.per_week then used.times[nullif(y.per_week, 0)] + interval '168 hours' end,
        cooling.until) end) as caps_until
    from person k cross join used cross join cooling cross join purposes p
    left join consent_state s on s.lane = k.lane and s.contact_id = k.id and s.purpose_id = p.id
    left join wording_versions w on w.id = s.wording_version_id
    left join lateral (
      select kind, until from contact_suppressions x where x.lane = k.lane and x.contact_id = k.id and x.lifted_at is null
        and (x.until is null or x.until > ${now}) and (x.scope = 'all' or p.category = 'MARKETING')
      order by kind limit 1) b on true
    left join lateral (
      select o.* from policy_countries o where o.version_id = k.policy and o.country in (k.country, 'DEFAULT')
      order by o.country = 'DEFAULT' limit 1) y on k.country is not null
    cross join lateral sending_window(k.policy, k.country, k.zone, ${now}) l
    cross join lateral (
      -- The purpose's own caps and spacing: when there is room again.
      select greatest(
        x.times[p.per_day] + interval '24 hours', x.times[p.per_week] + interval '168 hours',
        x.times[p.per_month] + interval '720 hours', x.times[1] + make_interval(hours => p.spacing_hours)) as room_at
      from (select array_agg(sent.at order by sent.at desc) as times from sent
        where sent.purpose_id = p.id or (sent.purpose_id is null and p.category = 'MARKETING')) x
    ) own
    order by p.created_at, p.id`);
  return rows.map(reachOf);
}

function reachOf(row: Row): Reach {
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  const verdict = (check: ReachCheck, reason: string | null, until: string | null = null): ReachVerdict => ({
    check,
    isPassed: reason === null,
    reason,
    until: instant(until),
  });
  const consent = row.revoked && row.consent === "granted" ? "wording_revoked" : `consent_${row.consent}`;
  const checks = [
    verdict("kill_switch", row.is_killed ? "kill_switch" : null),
    verdict("contact_free", row.free),
    verdict("consent_valid", consent === "consent_granted" ? null : consent, row.expires_at),
    verdict("not_suppressed", row.block === null ? null : `suppressed_${row.block}`, row.block_until),
    verdict("market_and_age", row.market),
    verdict("quiet_hours", row.is_open === true ? null : "quiet_hours", row.is_open === true ? null : row.next_open_at),
    verdict("frequency_caps", row.caps, row.caps === null ? null : row.caps_until),
  ];
  return {
    purposeId: row.id,
    purposeName: row.name,
    mayWrite: checks.every(({ isPassed }) => isPassed),
    checks,
  };
}
