import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import type { ConsentEventType, ConsentScope, ConsentSource, SourceClass } from "@/lib/consent/consent";
import type { PurposePolicy } from "@/lib/consent/projection";
import { laneOf } from "@/lib/foundation/ids";
import { logVerifierKeys } from "@/lib/ledger/keys";
import type { EventRow } from "./committed-events";

/** What a purpose demands of a consent, by id. */
export async function readPolicies(db: Db): Promise<Map<string, PurposePolicy>> {
  const rows = await db.execute<{
    id: string;
    category: string;
    validity: number;
    pending: number;
    double: boolean;
  }>(sql`
    select id, category, validity_days as validity, pending_hours as pending, double_opt_in as double from purposes`);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        purposeId: row.id,
        isMarketing: row.category === "MARKETING",
        validityDays: row.validity,
        pendingHours: row.pending,
        doubleOptIn: row.double,
      },
    ]),
  );
}

export async function readRevocations(db: Db): Promise<Map<string, Date>> {
  const rows = await db.execute<{ id: string; at: string }>(
    sql`select id, revoked_at as at from wording_versions where revoked_at is not null`,
  );
  return new Map(rows.map(({ id, at }) => [id, new Date(at)]));
}

interface Row extends Record<string, unknown> {
  id: string;
  contact_id: string;
  type: ConsentEventType;
  purpose_id: string | null;
  scope: ConsentScope;
  wording_version_id: string | null;
  source: ConsentSource;
  source_class: SourceClass;
  is_complete: boolean;
  occurred_at: string;
  recorded_at: string;
  jurisdiction: string | null;
  language: string | null;
  actor_kind: string;
  actor_id: string | null;
  evidence_sealed: Buffer | null;
  evidence_removed_at: string | null;
  entry_lane: number;
  entry_id: string;
}

/** All consent events of these contacts, each contact's in order of arrival. */
export async function readEvents(db: Db, contactIds: readonly string[]): Promise<Map<string, EventRow[]>> {
  const events = new Map<string, EventRow[]>(contactIds.map((id) => [id, []]));
  if (contactIds.length === 0) return events;
  const rows = await db.execute<Row>(sql`
    select e.id, e.contact_id, e.type, e.purpose_id, e.scope, e.wording_version_id, e.source, e.source_class, e.is_complete,
      e.occurred_at, e.recorded_at, e.jurisdiction, e.language, e.actor_kind, e.actor_id, e.evidence_sealed,
      e.evidence_removed_at, e.entry_lane,
      e.entry_id
    from unnest(${array(contactIds.map(laneOf), "smallint")}, ${array(contactIds, "uuid")}) as wanted (lane, id)
    join consent_events e on e.lane = wanted.lane and e.contact_id = wanted.id
    order by e.recorded_at, e.id`);
  for (const row of rows) events.get(row.contact_id)?.push(eventOf(row));
  return events;
}

function eventOf(row: Row): EventRow {
  return {
    id: row.id,
    contactId: row.contact_id,
    type: row.type,
    purposeId: row.purpose_id,
    scope: row.scope,
    wordingVersionId: row.wording_version_id,
    source: row.source,
    sourceClass: row.source_class,
    isComplete: row.is_complete,
    occurredAt: new Date(row.occurred_at),
    recordedAt: new Date(row.recorded_at),
    jurisdiction: row.jurisdiction,
    language: row.language,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    evidenceSealed: row.evidence_sealed,
    evidenceRemovedAt: row.evidence_removed_at === null ? null : new Date(row.evidence_removed_at),
    entryLane: row.entry_lane,
    entryId: row.entry_id,
  };
}

/** A row of the log's batches or of its own entries: what was committed to, by `rowKey`. */
export interface CommittedRow {
  lane: number;
  entryId: string;
  rowId: string;
}

export const rowKey = ({ entryId, rowId }: Pick<CommittedRow, "entryId" | "rowId">): string => `${entryId} ${rowId}`;

/** Leaf hashes of batch items. Read by entry, so that a batch of a whole import costs one pass and not one a person. */
export async function readItemHashes(db: Db, rows: readonly CommittedRow[]): Promise<Map<string, Buffer>> {
  const entries = new Map(rows.map(({ lane, entryId }) => [entryId, lane]));
  if (entries.size === 0) return new Map();
  const items = await db.execute<{ entry_id: string; item_id: string; hash: Buffer }>(sql`
    with wanted as materialized (
      select * from unnest(${array([...entries.values()], "smallint")}, ${array([...entries.keys()], "uuid")}) as w(lane, id)
    )
    select i.entry_id, i.item_id, i.leaf_hash as hash from wanted
    join log_batch_items i on i.lane = wanted.lane and i.entry_id = wanted.id
    where i.item_id = any(${array(
      rows.map(({ rowId }) => rowId),
      "uuid",
    )})`);
  return new Map(items.map((item) => [rowKey({ entryId: item.entry_id, rowId: item.item_id }), item.hash]));
}

export interface SingleEntry {
  leaf: string;
  ciphertext: Buffer | null;
}

/** Entries that stand for one event, with their sealed payloads, by entry id. */
export async function readSingleEntries(
  db: Db,
  rows: readonly Pick<CommittedRow, "lane" | "entryId">[],
): Promise<Map<string, SingleEntry>> {
  if (rows.length === 0) return new Map();
  const found = await db.execute<{ id: string; leaf: Buffer; ciphertext: Buffer | null }>(sql`
    select e.id, e.leaf, p.ciphertext
    from unnest(${array(
      rows.map(({ lane }) => lane),
      "smallint",
    )}, ${array(
      rows.map(({ entryId }) => entryId),
      "uuid",
    )}) as wanted (lane, id)
    join log_entries e on e.lane = wanted.lane and e.id = wanted.id
    left join log_payloads p on p.lane = e.lane and p.row_id = e.id`);
  return new Map(found.map(({ id, leaf, ciphertext }) => [id, { leaf: leaf.toString("utf8"), ciphertext }]));
}

/** The log's keys as others check its signatures; published by the worker, which alone has the private one. */
export async function readVerifierKeys(db: Db): Promise<string[]> {
  const [row] = await db.execute<{ key: string | null }>(sql`select log_verifier_key as key from installation`);
  return [...new Set([...(row?.key ? [row.key] : []), ...(await logVerifierKeys(db))])];
}
