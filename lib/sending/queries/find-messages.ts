import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { wamidHash } from "../commands/record-outcomes";

export interface KnownMessage {
  lane: number;
  messageId: string;
  contactId: string;
  /** Null: outside of campaigns. */
  campaignId: string | null;
  attemptId: string | null;
  state: string;
}

interface Row extends Record<string, unknown> {
  key: string;
  lane: number;
  id: string;
  contact_id: string;
  campaign_id: string | null;
  attempt_id: string | null;
  state: string;
}

/** Messages by Meta's ids: all that a reply echoes. */
export async function findMessagesByWamid(ctx: Context, wamids: readonly string[]): Promise<Map<string, KnownMessage>> {
  if (!may(ctx.actor, "webhook.receive")) authorize(ctx, "job.run"); // a refusal is placed before the worker sees it
  if (wamids.length === 0) return new Map();
  // By hash alone: what came over the network may hold characters that the database refuses.
  const byHash = new Map(wamids.map((wamid) => [wamidHash(wamid).toString("hex"), wamid]));
  const hashes = [...byHash.keys()].map((hex) => Buffer.from(hex, "hex"));
  const rows = await ctx.db.execute<Row>(sql`
    select encode(d.hash, 'hex') as key, m.lane, m.id, m.contact_id, m.campaign_id, m.attempt_id, m.state
    from unnest(${array(hashes, "bytea")}) as d(hash)
    join wamids w on w.lane = lane_of_hash(d.hash) and w.wamid_hash = d.hash
    join messages m on m.lane = w.message_lane and m.id = w.message_id`);
  return new Map(rows.map((row) => [byHash.get(row.key) ?? "", known(row)]));
}

/** Whom we wrote these messages, by message id. */
export async function findRecipients(
  ctx: Context,
  places: readonly { lane: number; messageId: string }[],
): Promise<Map<string, string>> {
  authorize(ctx, "job.run");
  if (places.length === 0) return new Map();
  const rows = await ctx.db.execute<{ id: string; contact_id: string }>(sql`
    select m.id, m.contact_id from unnest(${array(
      places.map(({ lane }) => lane),
      "smallint",
    )}, ${array(
      places.map(({ messageId }) => messageId),
      "uuid",
    )}) as p(lane, id)
    join messages m on m.lane = p.lane and m.id = p.id`);
  return new Map(rows.map((row) => [row.id, row.contact_id]));
}

/**
 * The last message of a campaign that Meta took from us for each contact since then, also under a contact that was merged into
 * theirs. What we answered one person is no campaign's.
 */
export async function findLatestMessages(
  ctx: Context,
  { contactIds, since }: { contactIds: readonly string[]; since: Date },
): Promise<Map<string, KnownMessage>> {
  authorize(ctx, "job.run");
  if (contactIds.length === 0) return new Map();
  const rows = await ctx.db.execute<Row>(sql`
    select c.id as key, m.*
    from unnest(${array([...contactIds], "uuid")}) as c(id)
    cross join lateral (
      select m.lane, m.id, m.contact_id, m.campaign_id, m.attempt_id, m.state
      from (select c.id union all select k.id from contacts k where k.merged_into = c.id) as self(id)
      join messages m on m.lane = lane_of(self.id) and m.contact_id = self.id and m.campaign_id is not null
        and m.accepted_at >= ${since}::timestamptz
      order by m.accepted_at desc limit 1
    ) m`);
  return new Map(rows.map((row) => [row.key, known(row)]));
}

function known(row: Row): KnownMessage {
  return {
    lane: row.lane,
    messageId: row.id,
    contactId: row.contact_id,
    campaignId: row.campaign_id,
    attemptId: row.attempt_id,
    state: row.state,
  };
}
