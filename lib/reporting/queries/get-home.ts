import { sql } from "drizzle-orm";
import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

const SHOWN_PER_KIND = 20;
const RECENT = 5;

/**
 * Something that waits for this person: they may do it, and it is not done. `id`: of the campaign or import; null for a kill
 * switch of the whole installation. `detail`: a code (reason of a freeze, level of a switch) or null.
 */
export interface HomeItem {
  kind:
    | "kill_switch"
    | "campaign_frozen"
    | "approve_campaign"
    | "approve_import"
    | "changes_asked"
    | "ready_to_launch"
    | "campaign_paused"
    | "results_ready";
  id: string | null;
  name: string;
  since: Date;
  detail: string | null;
}

export interface Home {
  /** Most urgent kind first, oldest first within it. Empty: nothing is pending. */
  items: HomeItem[];
  /** What is on its way out now. `share`: of its messages, how many are settled, 0 to 1. */
  sending: { campaignId: string; name: string; share: number }[];
  /** The last things that happened to campaigns. `actorName` is null for our own worker. */
  recent: { at: Date; type: string; campaignId: string; campaignName: string; actorName: string | null }[];
}

/** "What needs me today?" */
export async function getHome(ctx: Context): Promise<Home> {
  authorize(ctx, "campaign.read");
  const [items, sending, recent] = await Promise.all([readItems(ctx), readSending(ctx), readRecent(ctx)]);
  return { items, sending, recent };
}

const order: readonly HomeItem["kind"][] = [
  "kill_switch",
  "campaign_frozen",
  "approve_campaign",
  "approve_import",
  "changes_asked",
  "ready_to_launch",
  "campaign_paused",
  "results_ready",
];

interface Row extends Record<string, unknown> {
  kind: HomeItem["kind"];
  id: string | null;
  name: string;
  since: string;
  detail: string | null;
}

async function readItems(ctx: Context): Promise<HomeItem[]> {
  const userId = ctx.actor.kind === "user" ? ctx.actor.userId : null;
  const isEditing = may(ctx.actor, "campaign.edit");
  const isStopping = may(ctx.actor, "kill_switch.engage");
  const rows = await ctx.db.execute<Row>(sql`
    select * from (
      select 'kill_switch' as kind, target_id as id, coalesce(c.name, n.display_number, '') as name, engaged_at as since,
        level as detail
      from kill_switches s left join campaigns c on c.id = s.target_id left join phone_numbers n on n.id = s.target_id
      where s.released_at is null and ${isStopping}
      union all
      select 'campaign_frozen', id, name, updated_at, frozen_reason from campaigns
      where status = 'frozen' and (${isEditing} or ${isStopping})
      union all
      select 'approve_campaign', id, name, updated_at, null from campaigns
      where status = 'in_review' and ${may(ctx.actor, "campaign.approve")} and not (${userId}::uuid = any(editors))
        and created_by is distinct from ${userId}::uuid
      union all
      select 'approve_import', id, file_name, created_at, rows_total::text from imports
      where status = 'awaiting_approval' and ${may(ctx.actor, "import.approve")}
        and created_by is distinct from ${userId}::uuid
      union all
      select 'changes_asked', c.id, c.name, c.updated_at, null from campaigns c
      where c.status = 'draft' and ${isEditing} and c.created_by = ${userId}::uuid
        and (select decision from campaign_approvals a where a.campaign_id = c.id order by at desc, id desc limit 1)
          = 'changes_asked'
      union all
      select 'ready_to_launch', id, name, updated_at, null from campaigns
      where status = 'approved' and ${may(ctx.actor, "campaign.launch")}
      union all
      select 'campaign_paused', id, name, updated_at, null from campaigns
      where status = 'paused' and ${may(ctx.actor, "campaign.launch")}
      union all
      select 'results_ready', c.id, c.name, coalesce(c.concluded_at, l.taken_at), null from campaigns c
      cross join lateral (select * from looks where campaign_id = c.id order by n desc limit 1) l
      where ${may(ctx.actor, "campaign.decide")}
        and (c.status = 'concluded' or c.status = 'measuring' and (l.record->'monitoring'->>'isStop')::boolean)
        and not exists (select from decisions d where d.campaign_id = c.id)
    ) waiting order by since`);
  return order.flatMap((kind) =>
    rows
      .filter((row) => row.kind === kind)
      .slice(0, SHOWN_PER_KIND)
      .map(({ id, name, since, detail }) => ({ kind, id, name, since: new Date(since), detail })),
  );
}

async function readSending(ctx: Context): Promise<Home["sending"]> {
  const rows = await ctx.db.execute<{ id: string; name: string; share: number }>(sql`
    select c.id, c.name, coalesce(1 - count(m.id) filter (where m.state in ('planned','queued','sending'))::float8
      / nullif(count(m.id), 0), 0) as share
    from campaigns c left join messages m on m.campaign_id = c.id and m.state <> 'held_out'
    where c.status = 'sending' group by c.id, c.name, c.sending_started_at order by c.sending_started_at`);
  return rows.map(({ id, name, share }) => ({ campaignId: id, name, share }));
}

async function readRecent(ctx: Context): Promise<Home["recent"]> {
  const rows = await ctx.db.execute<{ at: string; type: string; id: string; name: string; actor: string | null }>(sql`
    select h.at, h.type, c.id, c.name, u.name as actor
    from campaign_history h join campaigns c on c.id = h.campaign_id left join users u on u.id::text = h.actor_id
    order by h.at desc, h.id desc limit ${RECENT}::int`);
  return rows.map(({ at, type, id, name, actor }) => ({
    at: new Date(at),
    type,
    campaignId: id,
    campaignName: name,
    actorName: actor,
  }));
}
