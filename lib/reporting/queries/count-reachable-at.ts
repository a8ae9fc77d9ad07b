import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { type PurposePolicy, projectStates, statusAt } from "@/lib/consent/projection";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { compileSegment } from "@/lib/segments/compile";
import { listSegments } from "@/lib/segments/queries/list-segments";
import { toHistory } from "../committed-events";
import { readEvents, readPolicies, readRevocations } from "../store";

/** People whose events are folded one by one are read so many at a time. */
const BATCH = 5_000;
const SEGMENTS = 50;

export interface ReachableAt {
  at: Date;
  purposes: { purposeId: string; name: string; reachable: number }[];
  /** Of the people reachable for each purpose, in the order of `purposes`, how many belong to the segment today. */
  segments: { segmentId: string; name: string; reachable: number[] }[];
}

/**
 * How many people could have been written to at an instant, per purpose and segment, computed from their events and from
 * nothing that was projected since. What happened by then counts, also when it was recorded later. Set-based where one act
 * decides (a single complete consent, a refusal that came last), by the reducer where several do.
 *
 * Not the past of everything: segments go by today's attributes, people erased since are not counted, of blocks only the last
 * one of each kind is known, and of restrictions only those in force.
 */
export async function countReachableAt(ctx: Context, { at }: { at: Date }): Promise<ReachableAt> {
  authorize(ctx, "consent.read");
  const [policies, revokedAt, names, segments] = await Promise.all([
    readPolicies(ctx.db),
    readRevocations(ctx.db),
    ctx.db.execute<{ id: string; name: string }>(sql`select id, name from purposes order by created_at, id`),
    listSegments(ctx),
  ]);
  const shown = segments.slice(0, SEGMENTS);
  const counts: { reachable: number; bySegment: number[] }[] = [];
  for (const { id } of names) {
    const policy = policies.get(id);
    if (!policy) continue;
    const folded = await foldMixed(ctx, { policy, at, revokedAt });
    counts.push(await countGranted(ctx, { policy, at, folded, rules: shown.map(({ rule }) => compileSegment(rule)) }));
  }
  return {
    at,
    purposes: names.map(({ id, name }, i) => ({ purposeId: id, name, reachable: counts[i]?.reachable ?? 0 })),
    segments: shown.map(({ segmentId, name }, s) => ({
      segmentId,
      name,
      reachable: counts.map(({ bySegment }) => bySegment[s] ?? 0),
    })),
  };
}

interface Asked {
  policy: PurposePolicy;
  at: Date;
}

/** Per contact the acts up to the instant that concern the purpose: how many, and the last one in the reducer's order. */
function acts({ policy: { purposeId, isMarketing }, at }: Asked) {
  return sql`
    select lane, contact_id, count(*) as acts,
      (array_agg(type order by occurred_at desc, rank desc, recorded_at desc, id desc))[1] as last,
      bool_and(type = 'granted' and is_complete) as is_plain, min(occurred_at) as first_at,
      (array_agg(wording_version_id))[1] as wording
    from (
      select e.*, case when type = 'requested' then 0 when type in ('denied') then 2
        when type in ('withdrawn', 'invalidated') then 3 else 1 end as rank
      from consent_events e
      where e.occurred_at <= ${at}::timestamptz and e.type not in ('expired', 'evidence_added', 'preference_read')
        and (e.purpose_id = ${purposeId}::uuid or e.scope = 'all' or (e.scope = 'all_marketing' and ${isMarketing}))
    ) as act group by lane, contact_id`;
}

/** Whoever has a consent after several acts, by the reducer. A refusal that came last needs none. */
async function foldMixed(
  ctx: Context,
  { policy, at, revokedAt }: Asked & { revokedAt: ReadonlyMap<string, Date> },
): Promise<string[]> {
  const rows = await ctx.db.execute<{ id: string }>(sql`
    select contact_id as id from (${acts({ policy, at })}) as history
    where last <> 'withdrawn' and (acts > 1 or not is_plain or ${policy.doubleOptIn})`);
  const granted: string[] = [];
  for (let start = 0; start < rows.length; start += BATCH) {
    const ids = rows.slice(start, start + BATCH).map(({ id }) => id);
    for (const [id, events] of await readEvents(ctx.db, ids)) {
      const known = events.filter(({ occurredAt }) => occurredAt <= at).map(toHistory);
      const [state] = projectStates([policy], known);
      const revoked = state?.wordingVersionId ? revokedAt.get(state.wordingVersionId) : undefined;
      const isGranted = state?.basisEventId && statusAt(state, at) === "granted";
      if (isGranted && !(revoked && revoked <= at)) granted.push(id);
    }
  }
  return granted;
}

async function countGranted(
  ctx: Context,
  {
    policy,
    at,
    folded,
    rules,
  }: Asked & { folded: readonly string[]; rules: readonly ReturnType<typeof compileSegment>[] },
): Promise<{ reachable: number; bySegment: number[] }> {
  const instant = sql`${at}::timestamptz`;
  const filters = rules.map((rule) => sql`count(*) filter (where ${rule})::int`);
  const [row] = await ctx.db.execute<{ counts: number[] }>(sql`
    with granted as (
      select history.lane, history.contact_id from (${acts({ policy, at })}) as history
      left join wording_versions as wording on wording.id = history.wording
      where acts = 1 and is_plain and not ${policy.doubleOptIn} and (wording.revoked_at is null or wording.revoked_at > ${instant})
        and first_at + make_interval(hours => ${policy.validityDays * 24}::int) > ${instant}
      union all
      select * from unnest(${array(folded.map(laneOf), "smallint")}, ${array(folded, "uuid")})
    )
    select array[${sql.join([sql`count(*)::int`, ...filters], sql`, `)}] as counts
    from granted join contacts on contacts.lane = granted.lane and contacts.id = granted.contact_id
    where contacts.erased_at is null and (contacts.merged_into is null or contacts.merged_at > ${instant})
      and (contacts.restricted_at is null or contacts.restricted_at > ${instant})
      and not exists (
        select from contact_suppressions as block
        where block.lane = contacts.lane and block.contact_id = contacts.id and block.since <= ${instant}
          -- The block of a refusal ends with the act that revokes it, and the acts above have told when that was.
          and (block.lifted_at is null or (block.lifted_at > ${instant} and block.kind <> 'withdrawn'))
          and (block.until is null or block.until > ${instant}) and (block.scope = 'all' or ${policy.isMarketing}))`);
  const [reachable = 0, ...bySegment] = row?.counts ?? [];
  return { reachable, bySegment };
}
