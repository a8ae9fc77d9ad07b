import { type SQL, sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface ConsentLogFilter {
  type?: string;
  purposeId?: string;
  source?: string;
  wordingVersionId?: string;
  /** ISO 3166, as the event's jurisdiction says, else the person's country. */
  country?: string;
  /** Kind of actor: contact, user, api_key, system, meta. */
  by?: string;
  /** By when it was recorded. */
  from?: Date;
  to?: Date;
  cursor?: string;
  limit?: number;
}

/** One event of the consent log, without anything personal: the person is an opaque id. */
export interface ConsentLogEntry {
  eventId: string;
  contactId: string;
  type: string;
  purposeName: string | null;
  scope: string;
  channel: string;
  source: string;
  sourceClass: "A" | "B";
  isComplete: boolean;
  wordingLabel: string | null;
  country: string | null;
  by: string;
  occurredAt: Date;
  recordedAt: Date;
  /** Place of its entry in the ledger; null until it has one. */
  index: number | null;
  /** SHA-256 of the entry's leaf, in hex. */
  leafHash: string | null;
}

const PAGE = 50;
export const MOST_CONSENT_EVENTS = 10_000;

interface Row extends Record<string, unknown> {
  id: string;
  contact_id: string;
  type: string;
  purpose: string | null;
  scope: string;
  channel: string;
  source: string;
  source_class: "A" | "B";
  is_complete: boolean;
  wording: string | null;
  country: string | null;
  actor_kind: string;
  occurred_at: string;
  recorded_at: string;
  idx: string | null;
  hash: string | null;
}

/** The consent log, the latest recorded first, a page at a time. */
export async function listConsentLog(
  ctx: Context,
  filter: ConsentLogFilter = {},
): Promise<{ events: ConsentLogEntry[]; nextCursor: string | null }> {
  authorize(ctx, "consent.read");
  const limit = Math.min(Math.max(1, filter.limit ?? PAGE), MOST_CONSENT_EVENTS);
  const rows = await ctx.db.execute<Row>(sql`
    select e.id, e.contact_id, e.type, p.name as purpose, e.scope, e.channel, e.source, e.source_class, e.is_complete,
      w.label as wording, coalesce(e.jurisdiction, k.country) as country, e.actor_kind, e.occurred_at, e.recorded_at,
      s.idx::text as idx, encode(s.leaf_hash, 'hex') as hash
    from consent_events e
    join contacts k on k.lane = e.lane and k.id = e.contact_id
    left join purposes p on p.id = e.purpose_id
    left join wording_versions w on w.id = e.wording_version_id
    left join log_sequence s on s.entry_id = e.entry_id
    where ${conditions(filter)}
    order by e.recorded_at desc, e.id desc limit ${limit + 1}::int`);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    events: page.map(viewOf),
    nextCursor: last && rows.length > limit ? `${new Date(last.recorded_at).toISOString()}~${last.id}` : null,
  };
}

function conditions(filter: ConsentLogFilter): SQL {
  const { type, purposeId, source, wordingVersionId, country, by, from, to, cursor } = filter;
  const parts = [
    sql`true`,
    type && sql`e.type = ${type}`,
    purposeId && sql`e.purpose_id = ${purposeId}::uuid`,
    source && sql`e.source = ${source}`,
    wordingVersionId && sql`e.wording_version_id = ${wordingVersionId}::uuid`,
    country && sql`coalesce(e.jurisdiction, k.country) = ${country}`,
    by && sql`e.actor_kind = ${by}`,
    from && sql`e.recorded_at >= ${from}::timestamptz`,
    to && sql`e.recorded_at < ${to}::timestamptz`,
    cursor !== undefined && afterCursor(cursor),
  ];
  return sql.join(
    parts.flatMap((part) => (part ? [part] : [])),
    sql` and `,
  );
}

function afterCursor(cursor: string): SQL {
  const [at = "", id = "", ...rest] = cursor.split("~");
  if (rest.length > 0 || Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) {
    throw new AppError("invalid_input", { field: "cursor" });
  }
  return sql`(e.recorded_at, e.id) < (${at}::timestamptz, ${id}::uuid)`;
}

function viewOf(row: Row): ConsentLogEntry {
  return {
    eventId: row.id,
    contactId: row.contact_id,
    type: row.type,
    purposeName: row.purpose,
    scope: row.scope,
    channel: row.channel,
    source: row.source,
    sourceClass: row.source_class,
    isComplete: row.is_complete,
    wordingLabel: row.wording,
    country: row.country,
    by: row.actor_kind,
    occurredAt: new Date(row.occurred_at),
    recordedAt: new Date(row.recorded_at),
    index: row.idx === null ? null : Number(row.idx),
    leafHash: row.hash,
  };
}
