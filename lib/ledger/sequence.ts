import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { rootOf } from "./merkle";
import { logSize, readTile } from "./tile-reader";
import { TILE_WIDTH } from "./tiles";

/** Entries given an index in one transaction: bounds its memory and how long others wait for the lock. */
const BATCH_ENTRIES = 20_000;
/** Advisory lock of the one sequencer ("lgsq"). */
const SEQUENCER_LOCK = 0x6c677371;

/**
 * Gives every committed entry that has none the next index, and stores the tiles that became full. One sequencer works at
 * a time; others wait for it. The cost depends on what is waiting, not on the size of the log: the edge of the tree is at
 * most 255 hashes a level. Answers how many entries were sequenced and the log's size.
 */
export async function sequence(db: Db): Promise<{ sequenced: number; size: number }> {
  let sequenced = 0;
  for (;;) {
    const batch = await db.transaction(sequenceBatch);
    sequenced += batch.count;
    if (batch.count < BATCH_ENTRIES) return { sequenced, size: batch.size };
  }
}

async function sequenceBatch(tx: Db): Promise<{ count: number; size: number }> {
  await tx.execute(sql`select pg_advisory_xact_lock(${SEQUENCER_LOCK})`);
  // A subquery, not a join: it is one look-up a row under any statistics, where a join may choose to read the whole log.
  const waiting = await tx.execute<{ lane: number; id: string; hash: Buffer }>(sql`
    select lane, entry_id as id,
      (select leaf_hash from log_entries entry where entry.lane = waiting.lane and entry.id = waiting.entry_id) as hash
    from log_pending waiting
    order by entry_id
    limit ${BATCH_ENTRIES}`);
  const size = await logSize(tx);
  if (waiting.length === 0) return { count: 0, size };
  const hashes = waiting.map((entry) => entry.hash);
  const lanes = array(
    waiting.map((entry) => entry.lane),
    "smallint",
  );
  const ids = array(
    waiting.map((entry) => entry.id),
    "uuid",
  );
  await storeFullTiles(tx, size, hashes);
  await tx.execute(sql`
    insert into log_sequence (idx, lane, entry_id, leaf_hash)
    select ${size}::bigint + entry.position - 1, entry.lane, entry.id, entry.hash
    from unnest(${lanes}, ${ids}, ${array(hashes, "bytea")}) with ordinality as entry (lane, id, hash, position)`);
  await tx.execute(sql`
    delete from log_pending waiting using unnest(${lanes}, ${ids}) as done (lane, id)
    where waiting.lane = done.lane and waiting.entry_id = done.id`);
  return { count: waiting.length, size: size + waiting.length };
}

/**
 * Appends hashes at the edge of the tree, level by level: the growing tile of a level plus what arrived is cut into full
 * tiles, whose roots are what arrives one level up. Must run before the new rows are in log_sequence.
 */
async function storeFullTiles(tx: Db, size: number, arrived: readonly Buffer[]): Promise<void> {
  let arriving = arrived;
  for (let level = 0, at = size; arriving.length > 0; level += 1, at = Math.floor(at / TILE_WIDTH)) {
    const n = Math.floor(at / TILE_WIDTH);
    const growing = at % TILE_WIDTH === 0 ? [] : (await readTile(tx, level, n)).slice(0, at % TILE_WIDTH);
    if (growing.length !== at % TILE_WIDTH) throw new Error(`The log lacks hashes of its growing tile, level ${level}`);
    const full = cutFull([...growing, ...arriving]);
    if (full.length === 0) return;
    const roots = full.map(rootOf);
    await tx.execute(sql`
      insert into log_tiles (level, n, data, root)
      select ${level}::smallint, ${n}::bigint + tile.position - 1, tile.data, tile.root
      from unnest(${array(
        full.map((tile) => Buffer.concat(tile)),
        "bytea",
      )}, ${array(roots, "bytea")})
        with ordinality as tile (data, root, position)`);
    arriving = roots;
  }
}

function cutFull(hashes: readonly Buffer[]): Buffer[][] {
  const full: Buffer[][] = [];
  for (let end = TILE_WIDTH; end <= hashes.length; end += TILE_WIDTH) full.push(hashes.slice(end - TILE_WIDTH, end));
  return full;
}
