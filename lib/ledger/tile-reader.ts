import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { foldSubtrees, type Range, rootOf, type Subtree, subtreesOf } from "./merkle";
import { TILE_HEIGHT, TILE_WIDTH } from "./tiles";

const HASH_BYTES = 32;

/**
 * The hashes that a tile holds now: 256 when it is full, fewer while it grows. Full tiles are one row; a growing one is
 * the tail of the sequence, or the roots of the full tiles below it.
 */
export async function readTile(db: Db, level: number, n: number): Promise<Buffer[]> {
  const [full] = await db.execute<{ data: Buffer }>(
    sql`select data from log_tiles where level = ${level} and n = ${n}`,
  );
  if (full) return splitHashes(full.data);
  const start = n * TILE_WIDTH;
  const rows = await db.execute<{ hash: Buffer }>(
    level === 0
      ? sql`select leaf_hash as hash from log_sequence where idx >= ${start} and idx < ${start + TILE_WIDTH} order by idx`
      : sql`select root as hash from log_tiles
            where level = ${level - 1} and n >= ${start} and n < ${start + TILE_WIDTH} order by n`,
  );
  return rows.map((row) => row.hash);
}

function splitHashes(data: Buffer): Buffer[] {
  return Array.from({ length: data.length / HASH_BYTES }, (_, i) =>
    data.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/** Number of sequenced entries. */
export async function logSize(db: Db): Promise<number> {
  const [row] = await db.execute<{ size: string }>(sql`select coalesce(max(idx) + 1, 0) as size from log_sequence`);
  return Number(row?.size ?? 0);
}

/** The root of the first `size` entries. Reads one tile a level, whatever the size. */
export async function rootAt(db: Db, size: number): Promise<Buffer> {
  const [root] = await rangeRoots(db, [{ start: 0, end: size }]);
  return root ?? rootOf([]);
}

/** The roots of ranges of leaves, each range a part of a tree whose leaves have all been sequenced. */
export async function rangeRoots(db: Db, ranges: readonly Range[]): Promise<Buffer[]> {
  const tiles = new Map<string, Promise<Buffer[]>>();
  const tile = (level: number, n: number) => {
    const place = `${level}/${n}`;
    const hashes = tiles.get(place) ?? readTile(db, level, n);
    tiles.set(place, hashes);
    return hashes;
  };
  return Promise.all(
    ranges.map(async (range) =>
      foldSubtrees(await Promise.all(subtreesOf(range).map((subtree) => subtreeHash(tile, subtree)))),
    ),
  );
}

/** A complete subtree is a run of hashes inside one tile. */
async function subtreeHash(
  tile: (level: number, n: number) => Promise<Buffer[]>,
  { level, index }: Subtree,
): Promise<Buffer> {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const width = 2 ** (level - tileLevel * TILE_HEIGHT);
  const first = index * width;
  const hashes = await tile(tileLevel, Math.floor(first / TILE_WIDTH));
  const run = hashes.slice(first % TILE_WIDTH, (first % TILE_WIDTH) + width);
  if (run.length !== width) throw new Error(`The log lacks hashes of tile level ${tileLevel} from ${first}`);
  return rootOf(run);
}
