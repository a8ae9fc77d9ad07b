import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { newId } from "@/lib/foundation/ids";
import { seal } from "@/lib/keystore/cipher";
import { type ActorKind, itemLeafHash, itemSalt, leafBytes } from "./entry";
import { commit, hashLeaf } from "./hash";
import { canonicalize } from "./jcs";
import { rootOf } from "./merkle";
import { logOrigin } from "./origin";
import type { Json } from "./verifier";

interface EntryHead {
  /** Lane of the row that the entry is about, so that entry and row live on one shard. */
  lane: number;
  /** `<noun>.<what happened>`, for example `consent.granted`. */
  type: string;
  /** The id (uuid) of the row or event that the entry is about. */
  ref: string;
  by: ActorKind;
  /** `ctx.now()`: the time written into the leaf. */
  at: Date;
  /** Given when the row that is logged carries a (deferred) foreign key to its entry. Default: a new id. */
  entryId?: string;
}

export interface NewEntry extends EntryHead {
  /** The contact, or null. */
  subject: string | null;
  payload: Json;
  /** Seals the payload: the contact's key, or where `subject` is null the installation's. */
  key: Buffer;
}

export interface BatchItem {
  /** Id of the logged row; the payload must name it too, because only the payload is committed to. */
  id: string;
  subject: string | null;
  payload: Json;
  /** The contact's key: it salts the commitment, so that destroying it makes the item unopenable. */
  key: Buffer;
}

export interface NewBatch extends EntryHead {
  items: readonly BatchItem[];
  /**
   * `sealed` keeps each payload in the log's own table. `derived` keeps none: the caller's rows give the very same
   * payload again when it is asked for, which spares the hot path its largest rows.
   */
  payloads: "sealed" | "derived";
}

/**
 * Writes one entry of the log. Call it in the transaction of the change: they commit together or not at all, and the
 * entry gets its index within a second (sequence.ts).
 */
export async function appendEntry(db: Db, entry: NewEntry): Promise<{ entryId: string }> {
  const [entryId = ""] = await appendEntries(db, [entry]);
  return { entryId };
}

/** The same for many, one entry each, in four statements. Answers the ids in the order given. */
export async function appendEntries(db: Db, entries: readonly NewEntry[]): Promise<string[]> {
  if (entries.length === 0) return [];
  const log = await logOrigin(db);
  const leaves: Leaf[] = [];
  const payloads: SealedPayload[] = [];
  for (const entry of entries) {
    const salt = randomBytes(32);
    const leaf = leafOf(log, entry, { subject: entry.subject, commitment: commit(salt, entry.payload) });
    leaves.push(leaf);
    payloads.push(sealed(leaf.lane, { ...entry, id: leaf.id }, salt));
  }
  await Promise.all([...insertLeaves(db, leaves), insertPayloads(db, payloads)]); // one connection: sent as a pipeline
  return leaves.map((leaf) => leaf.id);
}

/**
 * Writes one entry for many rows: its commitment is the root of an inner tree over their salted commitments, in order.
 * Call it in the transaction of the change. `items` must not be empty.
 */
export async function appendBatch(db: Db, batch: NewBatch): Promise<{ entryId: string }> {
  if (batch.items.length === 0) throw new RangeError("A batch of the log has at least one item");
  const log = await logOrigin(db);
  const salts = batch.items.map((item) => itemSalt(item.key, item.id));
  const hashes = batch.items.map((item, i) => itemLeafHash(salts[i] ?? Buffer.alloc(0), item.payload));
  const leaf = leafOf(log, batch, { subject: null, commitment: rootOf(hashes) });
  const writes = [...insertLeaves(db, [leaf]), insertItems(db, leaf, { items: batch.items, hashes })];
  if (batch.payloads === "sealed") {
    const payloads = batch.items.map((item, i) => sealed(leaf.lane, item, salts[i] ?? Buffer.alloc(0)));
    writes.push(insertPayloads(db, payloads));
  }
  await Promise.all(writes);
  return { entryId: leaf.id };
}

interface Leaf {
  lane: number;
  id: string;
  type: string;
  at: Date;
  bytes: Buffer;
}

function leafOf(log: string, head: EntryHead, inside: { subject: string | null; commitment: Buffer }): Leaf {
  const { lane, type, ref, by, at } = head;
  return { lane, id: head.entryId ?? newId(), type, at, bytes: leafBytes({ log, type, at, ref, by, ...inside }) };
}

interface SealedPayload {
  lane: number;
  rowId: string;
  subject: string | null;
  ciphertext: Buffer;
}

function sealed(lane: number, row: BatchItem, salt: Buffer): SealedPayload {
  const opening = canonicalize({ payload: row.payload, salt: salt.toString("base64") });
  return { lane, rowId: row.id, subject: row.subject, ciphertext: seal(row.key, opening, payloadPlace(row.id)) };
}

/** Where a sealed payload belongs, as its additional authenticated data. */
export function payloadPlace(rowId: string): string {
  return `log_payloads|ciphertext|${rowId}`;
}

function insertLeaves(db: Db, leaves: readonly Leaf[]): Promise<unknown>[] {
  const lanes = array(column(leaves, "lane"), "smallint");
  const ids = array(column(leaves, "id"), "uuid");
  return [
    db.execute(sql`
      insert into log_entries (lane, id, type, leaf, leaf_hash, recorded_at)
      select * from unnest(${lanes}, ${ids}, ${array(column(leaves, "type"), "text")},
        ${array(column(leaves, "bytes"), "bytea")},
        ${array(
          leaves.map((leaf) => hashLeaf(leaf.bytes)),
          "bytea",
        )},
        ${array(column(leaves, "at"), "timestamptz")})`),
    db.execute(sql`insert into log_pending (lane, entry_id) select * from unnest(${lanes}, ${ids})`),
  ];
}

function insertItems(
  db: Db,
  leaf: Leaf,
  { items, hashes }: { items: readonly BatchItem[]; hashes: readonly Buffer[] },
): Promise<unknown> {
  return db.execute(sql`
    insert into log_batch_items (lane, entry_id, position, item_id, leaf_hash)
    select ${leaf.lane}::smallint, ${leaf.id}::uuid, item.position - 1, item.id, item.hash
    from unnest(${array(column(items, "id"), "uuid")}, ${array(hashes, "bytea")})
      with ordinality as item (id, hash, position)`);
}

function insertPayloads(db: Db, payloads: readonly SealedPayload[]): Promise<unknown> {
  return db.execute(sql`
    insert into log_payloads (lane, row_id, subject, ciphertext)
    select * from unnest(${array(column(payloads, "lane"), "smallint")}, ${array(column(payloads, "rowId"), "uuid")},
      ${array(column(payloads, "subject"), "uuid")}, ${array(column(payloads, "ciphertext"), "bytea")})`);
}

function column<Row, Key extends keyof Row>(rows: readonly Row[], key: Key): Row[Key][] {
  return rows.map((row) => row[key]);
}
