import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { laneOf } from "@/lib/foundation/ids";
import type { ConsentEventType, ConsentScope, SourceClass } from "./consent";
import type { HistoryEvent, ProjectedState, PurposePolicy } from "./projection";

/**
 * Of `contact_identifiers as identifier`: what still means this person. A number that was given up may be somebody else's, so
 * blocks neither come from it nor go to it.
 */
export const meansThePerson = sql`(identifier.former_at is null or identifier.kind not in ('phone', 'wa_id'))`;

/** `lane` and `id` arrays of some contacts, for `unnest`: every join names the lane. */
export function contactPairs(contactIds: readonly string[]) {
  return sql`unnest(${array(contactIds.map(laneOf), "smallint")}, ${array(contactIds, "uuid")})`;
}

export interface LockedContacts {
  /** Who is there, not erased and not merged away: also those whom the others live on as. */
  alive: Set<string>;
  /** Whom a contact lives on as: themselves, unless merged. */
  current(contactId: string): string;
}

/**
 * Takes the contact rows as everybody who restricts somebody must (compliance/design.md 3.1), in one order for all, so
 * that two writers wait for each other and never for ever. What is said of somebody who was merged holds for whom they
 * live on as.
 */
export async function lockContacts(db: Db, contactIds: readonly string[]): Promise<LockedContacts> {
  const rows = await db.execute<{ id: string; erased: boolean; merged: string | null }>(sql`
    select contacts.id, contacts.erased_at is not null as erased, contacts.merged_into as merged
    from contacts join ${contactPairs(contactIds)} as wanted (lane, id)
      on contacts.lane = wanted.lane and contacts.id = wanted.id
    order by contacts.lane, contacts.id
    for no key update of contacts`);
  const alive = new Set(rows.filter((row) => !row.erased && !row.merged).map((row) => row.id));
  const moved = rows.flatMap(({ id, merged }) => (merged ? [[id, merged] as const] : []));
  if (moved.length === 0) return { alive, current: (id) => id };
  const next = await lockContacts(db, [...new Set(moved.map(([, to]) => to))]);
  const to = new Map(moved.map(([id, merged]) => [id, next.current(merged)]));
  return { alive: new Set([...alive, ...next.alive]), current: (id) => to.get(id) ?? id };
}

export async function loadPolicies(db: Db): Promise<PurposePolicy[]> {
  const rows = await db.execute<{
    id: string;
    category: string;
    validity: number;
    pending: number;
    double: boolean;
  }>(sql`
    select id, category, validity_days as validity, pending_hours as pending, double_opt_in as double
    from purposes order by created_at, id`);
  return rows.map((row) => ({
    purposeId: row.id,
    isMarketing: row.category === "MARKETING",
    validityDays: row.validity,
    pendingHours: row.pending,
    doubleOptIn: row.double,
  }));
}

interface HistoryRow extends Record<string, unknown> {
  contact: string;
  id: string;
  type: ConsentEventType;
  purpose: string | null;
  scope: ConsentScope;
  class: SourceClass;
  complete: boolean;
  wording: string | null;
  occurred: string;
  recorded: string;
}

/** All events of these contacts, each contact's in order of arrival. */
export async function loadHistories(db: Db, contactIds: readonly string[]): Promise<Map<string, HistoryEvent[]>> {
  const rows = await db.execute<HistoryRow>(sql`
    select event.contact_id as contact, event.id, event.type, event.purpose_id as purpose, event.scope,
      event.source_class as class, event.is_complete as complete, event.wording_version_id as wording,
      event.occurred_at as occurred, event.recorded_at as recorded
    from ${contactPairs(contactIds)} as wanted (lane, id)
    join consent_events as event on event.lane = wanted.lane and event.contact_id = wanted.id
    order by event.recorded_at, event.id`);
  const histories = new Map<string, HistoryEvent[]>(contactIds.map((id) => [id, []]));
  for (const row of rows) {
    histories.get(row.contact)?.push({
      id: row.id,
      type: row.type,
      purposeId: row.purpose,
      scope: row.scope,
      sourceClass: row.class,
      isComplete: row.complete,
      wordingVersionId: row.wording,
      occurredAt: new Date(row.occurred),
      recordedAt: new Date(row.recorded),
    });
  }
  return histories;
}

/** Writes the projection of some contacts; a row that is right already stays untouched. Answers how many were written. */
export async function storeStates(
  db: Db,
  states: readonly (ProjectedState & { contactId: string })[],
): Promise<number> {
  if (states.length === 0) return 0;
  const column = <K extends keyof (typeof states)[number]>(key: K) => states.map((state) => state[key]);
  const written = await db.execute(sql`
    insert into consent_state as held (lane, contact_id, purpose_id, status, basis_event_id, wording_version_id, expires_at,
      pending_until, last_occurred_at, updated_at)
    select * from unnest(${array(
      states.map(({ contactId }) => laneOf(contactId)),
      "smallint",
    )},
      ${array(column("contactId"), "uuid")}, ${array(column("purposeId"), "uuid")}, ${array(column("status"), "text")},
      ${array(column("basisEventId"), "uuid")}, ${array(column("wordingVersionId"), "uuid")},
      ${array(column("expiresAt"), "timestamptz")}, ${array(column("pendingUntil"), "timestamptz")},
      ${array(column("lastOccurredAt"), "timestamptz")}, ${array(column("updatedAt"), "timestamptz")})
    on conflict (lane, contact_id, purpose_id) do update set
      status = excluded.status, basis_event_id = excluded.basis_event_id, wording_version_id = excluded.wording_version_id,
      expires_at = excluded.expires_at, pending_until = excluded.pending_until,
      last_occurred_at = excluded.last_occurred_at, updated_at = excluded.updated_at
    where (held.status, held.basis_event_id, held.wording_version_id, held.expires_at, held.pending_until,
        held.last_occurred_at, held.updated_at)
      is distinct from (excluded.status, excluded.basis_event_id, excluded.wording_version_id, excluded.expires_at,
        excluded.pending_until, excluded.last_occurred_at, excluded.updated_at)
    returning 1 as written`);
  return written.length;
}

/** Which kinds of identifier these contacts have, former ones apart. */
export async function heldKinds(db: Db, contactIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const rows = await db.execute<{ id: string; kinds: string[] }>(sql`
    select wanted.id, array_agg(distinct identifier.kind) as kinds from ${contactPairs(contactIds)} as wanted (lane, id)
    join contact_identifiers as identifier on identifier.lane = wanted.lane and identifier.contact_id = wanted.id
    where identifier.former_at is null group by wanted.id`);
  return new Map(rows.map(({ id, kinds }) => [id, new Set(kinds)]));
}

/** True while solo mode counts: it is switched on and nobody else could sign (decision 8). */
export async function isSolo(db: Db): Promise<boolean> {
  const [row] = await db.execute<{ is_solo: boolean }>(sql`
    select solo_mode and (select count(*) from users where disabled_at is null and password_hash is not null) = 1 as is_solo
    from installation`);
  return row?.is_solo ?? false;
}
