import { sql } from "drizzle-orm";
import * as z from "zod";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

const PAGE = 50;
const LARGEST_PAGE = 200;

export interface LogFilter {
  /** `consent.granted`, or with a dot at the end everything that begins so: `consent.` */
  type?: string;
  from?: Date;
  to?: Date;
  /** Entries that name this contact. Batches name nobody. */
  subject?: string;
  /** Kind of actor, as the leaf says. */
  by?: string;
  cursor?: string;
  limit?: number;
}

/** One entry of the log as anybody may see it: nothing here is personal. */
export interface LogEntryView {
  /** Place in the log, from 0. */
  index: number;
  entryId: string;
  lane: number;
  type: string;
  /** Business time, as in the leaf. */
  at: Date;
  /** The kind of actor: contact, user, api_key, system, meta. */
  by: string;
  ref: string;
  subject: string | null;
  /** SHA-256 of the leaf, in hex. */
  leafHash: string;
  /** Rows that a batch entry stands for; null for an entry of one event. */
  items: number | null;
}

interface Row extends Record<string, unknown> {
  idx: string;
  entry_id: string;
  lane: number;
  leaf: Buffer;
  hash: string;
  items: number;
}

/** What the leaf says in clear. */
export const leafFields = z.object({
  type: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  by: z.string(),
  ref: z.string(),
  subj: z.string().nullable(),
});

/** The log, newest first, a page at a time; `nextCursor` is null on the last page. Entries without an index yet are not here. */
export async function listLogEntries(
  ctx: Context,
  filter: LogFilter = {},
): Promise<{ entries: LogEntryView[]; nextCursor: string | null; size: number }> {
  authorize(ctx, "ledger.read");
  const limit = Math.min(Math.max(1, filter.limit ?? PAGE), LARGEST_PAGE);
  if (filter.cursor !== undefined && !/^\d{1,15}$/.test(filter.cursor))
    throw new AppError("invalid_input", { field: "cursor" });
  const { type, from, to, subject, by, cursor } = filter;
  const rows = await ctx.db.execute<Row>(sql`
    select s.idx, s.entry_id, s.lane, e.leaf, encode(s.leaf_hash, 'hex') as hash,
      (select count(*)::int from log_batch_items i where i.lane = s.lane and i.entry_id = s.entry_id) as items
    from log_sequence s join log_entries e on e.lane = s.lane and e.id = s.entry_id
    where true
      ${cursor === undefined ? sql`` : sql`and s.idx < ${Number(cursor)}::bigint`}
      ${typeCondition(type)}
      ${from ? sql`and e.recorded_at >= ${from}::timestamptz` : sql``}
      ${to ? sql`and e.recorded_at < ${to}::timestamptz` : sql``}
      ${subject === undefined ? sql`` : sql`and convert_from(e.leaf, 'UTF8')::jsonb->>'subj' = ${subject}`}
      ${by === undefined ? sql`` : sql`and convert_from(e.leaf, 'UTF8')::jsonb->>'by' = ${by}`}
    order by s.idx desc limit ${limit + 1}::int`);
  const [size] = await ctx.db.execute<{ size: string }>(
    sql`select coalesce(max(idx) + 1, 0)::text as size from log_sequence`,
  );
  const entries = rows.slice(0, limit).map(entryView);
  const last = entries.at(-1);
  return {
    entries,
    nextCursor: last && rows.length > limit ? String(last.index) : null,
    size: Number(size?.size ?? 0),
  };
}

function typeCondition(type: string | undefined) {
  if (type === undefined) return sql``;
  return type.endsWith(".") ? sql`and starts_with(e.type, ${type})` : sql`and e.type = ${type}`;
}

function entryView(row: Row): LogEntryView {
  const { type, at, by, ref, subj } = leafFields.parse(JSON.parse(row.leaf.toString("utf8")));
  return {
    index: Number(row.idx),
    entryId: row.entry_id,
    lane: row.lane,
    type,
    at,
    by,
    ref,
    subject: subj,
    leafHash: row.hash,
    items: row.items === 0 ? null : row.items,
  };
}
