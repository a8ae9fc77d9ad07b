import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { EMPTY_ROOT } from "./hash";
import { consistencyRanges, inclusionRanges, proveInclusionIn } from "./merkle";
import { rangeRoots } from "./tile-reader";

export interface SignedCheckpoint {
  size: number;
  root: Buffer;
  /** The signed note as others verify it. */
  note: string;
  signedAt: Date;
}

/** The newest signed checkpoint; undefined while there is none. */
export async function latestCheckpoint(db: Db): Promise<SignedCheckpoint | undefined> {
  const [row] = await db.execute<{ size: string; root: Buffer; note: string; at: string }>(sql`
    select size, root, note, signed_at as at from log_checkpoints order by size desc limit 1`);
  return row && { size: Number(row.size), root: row.root, note: row.note, signedAt: new Date(row.at) };
}

export interface InclusionProof {
  index: number;
  size: number;
  leafHash: Buffer;
  root: Buffer;
  proof: Buffer[];
}

/**
 * Proof that an entry is in the log of the newest checkpoint, or of `size` entries. Undefined when the entry is not in
 * there: unknown, not sequenced yet, or newer than the checkpoint. Reads a few tiles, whatever the size of the log.
 */
export async function proveInclusion(db: Db, entryId: string, size?: number): Promise<InclusionProof | undefined> {
  const covered = size ?? (await latestCheckpoint(db))?.size ?? 0;
  const [entry] = await db.execute<{ idx: string; hash: Buffer }>(sql`
    select idx, leaf_hash as hash from log_sequence where entry_id = ${entryId}`);
  const index = Number(entry?.idx);
  if (!entry || index >= covered) return undefined;
  const whole = { start: 0, end: covered };
  const [root = EMPTY_ROOT, ...proof] = await rangeRoots(db, [whole, ...inclusionRanges(index, covered)]);
  return { index, size: covered, leafHash: entry.hash, root, proof };
}

/** Proof that the log of `size2` entries only appended to that of `size1` (1 ≤ size1 ≤ size2 ≤ entries sequenced). */
export function proveConsistency(db: Db, size1: number, size2: number): Promise<Buffer[]> {
  return rangeRoots(db, consistencyRanges(size1, size2));
}

export interface ItemProof {
  position: number;
  /** Number of items in the batch. */
  size: number;
  leafHash: Buffer;
  proof: Buffer[];
}

/** Proof that an item is in the inner tree of its batch entry; undefined when it is not. */
export async function proveItem(
  db: Db,
  { lane, entryId, itemId }: { lane: number; entryId: string; itemId: string },
): Promise<ItemProof | undefined> {
  const rows = await db.execute<{ id: string; hash: Buffer }>(sql`
    select item_id as id, leaf_hash as hash from log_batch_items
    where lane = ${lane} and entry_id = ${entryId} order by position`);
  const position = rows.findIndex((row) => row.id === itemId);
  const leafHash = rows[position]?.hash;
  if (!leafHash) return undefined;
  const hashes = rows.map((row) => row.hash);
  return { position, size: hashes.length, leafHash, proof: proveInclusionIn(hashes, position) };
}
