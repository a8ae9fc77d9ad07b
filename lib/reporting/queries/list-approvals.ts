import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** What waits for a second person, by what it is. */
export const approvalKinds = [
  "campaign",
  "import",
  "policy",
  "removal",
  "invalidation",
  "rights",
  "kill_switch",
  "review",
] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

const SHOWN = 200;

/** An erasure whose second person is missing, or a package that somebody looked through. */
const waitsForApproval = sql`(r.kind = 'erasure' and r.status = 'identity_checked' or r.status = 'redacted')`;
/** The request by which the person was blocked before their data goes. */
const isBlocked = sql`r.kind = 'erasure' and r.status = 'closed' and r.block_until is not null`;

/** Of people who are still there: nothing is left to invalidate once somebody was erased. */
const openInvalidations = sql`(select a.* from consent_invalidations a
  join contacts k on k.lane = a.lane and k.id = a.contact_id and k.erased_at is null where a.decision is null) as a`;

export interface Approval {
  kind: ApprovalKind;
  /** Of the campaign, import, version, request, switch; of the contact for a consent or for a reply to be read. */
  id: string;
  /** A name, number or kind of the thing; null where it has none (a person). */
  name: string | null;
  /** People concerned, where that is counted: rows of an import. */
  size: number | null;
  /** Who asked; null: nobody, or the product itself. */
  askedBy: string | null;
  askedAt: Date;
  /** The one who looks asked for it: somebody else must decide. */
  isOwn: boolean;
}

/** Everything that waits for a second person or for somebody to read it, oldest first. */
export async function listApprovals(ctx: Context): Promise<Approval[]> {
  authorize(ctx, "ledger.read");
  const me = ctx.actor.kind === "user" ? ctx.actor.userId : null;
  const rows = await ctx.db.execute<{
    kind: ApprovalKind;
    id: string;
    name: string | null;
    size: number | null;
    asker: string | null;
    asker_name: string | null;
    at: string;
  }>(sql`
    select waiting.*, u.name as asker_name from (
      select 'campaign' as kind, c.id, c.name, null::int as size,
        (select h.actor_id from campaign_history h where h.campaign_id = c.id and h.type = 'review_requested'
          order by h.at desc limit 1)::uuid as asker, c.updated_at as at
      from campaigns c where c.status = 'in_review'
      union all
      select 'import', id, file_name, rows_total, created_by, created_at from imports where status = 'awaiting_approval'
      union all
      select 'policy', id, number::text, null, proposed_by, proposed_at from policy_versions where decision is null
      union all
      select 'removal', id, kind, null, asked_by, asked_at from suppression_removals where decision is null
      union all
      select 'invalidation', a.contact_id, p.name, null, a.asked_by, a.asked_at from ${openInvalidations} join purposes p on p.id = a.purpose_id
      union all
      select 'rights', r.id, r.kind, null,
        case when r.kind <> 'erasure' then null when r.opened_by = ${me}::uuid then r.opened_by else r.identity_checked_by end,
        coalesce(r.redacted_at, r.identity_checked_at, r.received_at)
      from rights_requests r where ${waitsForApproval}
      union all
      select 'rights', r.id, 'blocked', null, a.asked_by, a.asked_at
      from rights_blocked_accesses a join rights_requests r on r.contact_id = a.contact_id and ${isBlocked}
      where a.allowed_at is null
      union all
      select 'kill_switch', id, level, null, release_asked_by, release_asked_at from kill_switches
        where released_at is null and release_asked_at is not null
      union all
      select 'review', contact_id, null, null, null, since from contact_suppressions
        where kind = 'review' and lifted_at is null
    ) as waiting left join users u on u.id = waiting.asker
    order by waiting.at, waiting.id limit ${SHOWN}::int`);
  return rows.map(({ kind, id, name, size, asker, asker_name: askedBy, at }) => ({
    kind,
    id,
    name,
    size,
    askedBy,
    askedAt: new Date(at),
    isOwn: asker !== null && asker === me,
  }));
}

/** How many of each wait. */
export async function countApprovals(ctx: Context): Promise<Record<ApprovalKind, number>> {
  authorize(ctx, "ledger.read");
  const [row] = await ctx.db.execute<Record<ApprovalKind, number>>(sql`
    select
      (select count(*)::int from campaigns where status = 'in_review') as campaign,
      (select count(*)::int from imports where status = 'awaiting_approval') as import,
      (select count(*)::int from policy_versions where decision is null) as policy,
      (select count(*)::int from suppression_removals where decision is null) as removal,
      (select count(*)::int from ${openInvalidations}) as invalidation,
      (select count(*)::int from rights_requests r where ${waitsForApproval})
        + (select count(*)::int from rights_blocked_accesses a join rights_requests r on r.contact_id = a.contact_id and ${isBlocked}
          where a.allowed_at is null) as rights,
      (select count(*)::int from kill_switches where released_at is null and release_asked_at is not null) as kill_switch,
      (select count(*)::int from contact_suppressions where kind = 'review' and lifted_at is null) as review`);
  return (
    row ?? { campaign: 0, import: 0, policy: 0, removal: 0, invalidation: 0, rights: 0, kill_switch: 0, review: 0 }
  );
}
