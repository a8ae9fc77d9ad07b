import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { array } from "@/db/client";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** Families of events one can ask for, by what their types begin with; `reading`: who looked at personal data. */
export const auditFamilies = {
  reading: ["contact.unmasked", "person.", "proof.", "entry.opened", "suppressions.", "sample.", "export."],
  people: ["user.", "session.", "api_key."],
  campaigns: ["campaign.", "template.", "segment."],
  consent: ["import.", "purpose.", "wording.", "suppression.", "review.", "exclusion_list.", "brand.", "form."],
  sending: ["policy.", "kill_switch.", "number."],
  rights: ["rights.", "request.", "breach.", "record.", "retention."],
} as const;
export type AuditFamily = keyof typeof auditFamilies;

export interface AuditFilter {
  family?: AuditFamily;
  actorId?: string;
  from?: Date;
  to?: Date;
  cursor?: string;
  limit?: number;
}

export interface AuditEventView {
  eventId: string;
  at: Date;
  type: string;
  /** A person's name; null for the product itself, a key, or somebody who is not here any more. */
  actorName: string | null;
  actorKind: string;
  actorId: string | null;
  subject: string | null;
  /** Why, where the act asked for it. */
  reason: string | null;
  /** The rest of what was kept: ids, counts, states. */
  data: Record<string, unknown>;
  /** Its entry of the ledger; null until it has an index. */
  logIndex: number | null;
}

const PAGE = 50;
export const MOST_AUDIT_EVENTS = 10_000;

const facts = z.record(z.string(), z.unknown());

interface Row extends Record<string, unknown> {
  id: string;
  at: string;
  type: string;
  actor_kind: string;
  actor_id: string | null;
  name: string | null;
  subject: string | null;
  data: string;
  idx: string | null;
}

/**
 * What people, keys and the product itself did, and who looked at whose data, newest first; with the names of our own things that
 * their facts name by id. People we write to have none here.
 */
export async function listAuditEvents(
  ctx: Context,
  filter: AuditFilter = {},
): Promise<{ events: AuditEventView[]; names: ReadonlyMap<string, string>; nextCursor: string | null }> {
  authorize(ctx, "audit.read");
  const limit = Math.min(Math.max(1, filter.limit ?? PAGE), MOST_AUDIT_EVENTS);
  const rows = await ctx.db.execute<Row>(sql`
    select a.id, a.at, a.type, a.actor_kind, a.actor_id, u.name, a.subject, a.data, s.idx::text as idx
    from audit_events a left join users u on u.id::text = a.actor_id left join log_sequence s on s.entry_id = a.entry_id
    where ${conditions(filter)}
    order by a.at desc, a.id desc limit ${limit + 1}::int`);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const events = page.map(viewOf);
  return {
    events,
    names: await namesOf(ctx, events),
    nextCursor: last && rows.length > limit ? `${new Date(last.at).toISOString()}~${last.id}` : null,
  };
}

const ID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g;

async function namesOf(ctx: Context, events: readonly AuditEventView[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(
    events.flatMap(({ subject, data }) => `${subject ?? ""} ${JSON.stringify(data)}`.match(ID) ?? []),
  );
  if (ids.size === 0) return new Map();
  const wanted = array([...ids], "uuid");
  const rows = await ctx.db.execute<{ id: string; name: string }>(sql`
    select id, name from users where id = any(${wanted})
    union all select id, name from campaigns where id = any(${wanted})
    union all select id, name from segments where id = any(${wanted})
    union all select id, name from templates where id = any(${wanted})
    union all select id, name from purposes where id = any(${wanted})
    union all select id, name from brands where id = any(${wanted})
    union all select id, name from opt_in_forms where id = any(${wanted})
    union all select id, verified_name from phone_numbers where id = any(${wanted})
    union all select id, file_name from imports where id = any(${wanted})
    union all select id, name from api_keys where id = any(${wanted})`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function conditions({ family, actorId, from, to, cursor }: AuditFilter): SQL {
  const parts = [sql`true`];
  if (family) {
    const prefixes = auditFamilies[family].map((prefix) => `${prefix.replaceAll("_", "\\_")}%`);
    parts.push(sql`a.type like any (${array(prefixes, "text")})`);
  }
  if (actorId) parts.push(sql`a.actor_id = ${actorId}`);
  if (from) parts.push(sql`a.at >= ${from}::timestamptz`);
  if (to) parts.push(sql`a.at < ${to}::timestamptz`);
  if (cursor !== undefined) parts.push(afterCursor(cursor));
  return sql.join(parts, sql` and `);
}

function afterCursor(cursor: string): SQL {
  const [at = "", id = "", ...rest] = cursor.split("~");
  if (rest.length > 0 || Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) {
    throw new AppError("invalid_input", { field: "cursor" });
  }
  return sql`(a.at, a.id) < (${at}::timestamptz, ${id}::uuid)`;
}

function viewOf(row: Row): AuditEventView {
  const { reason, ...data } = facts.catch({}).parse(JSON.parse(row.data));
  return {
    eventId: row.id,
    at: new Date(row.at),
    type: row.type,
    actorName: row.name,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    subject: row.subject,
    reason: typeof reason === "string" ? reason : null,
    data,
    logIndex: row.idx === null ? null : Number(row.idx),
  };
}

/** Who appears in it, for the filter. */
export async function listAuditActors(ctx: Context): Promise<{ id: string; name: string }[]> {
  authorize(ctx, "audit.read");
  const rows = await ctx.db.execute<{ id: string; name: string }>(sql`
    select id, name from users u where exists (select from audit_events a where a.actor_id = u.id::text) order by name, id`);
  return [...rows];
}
