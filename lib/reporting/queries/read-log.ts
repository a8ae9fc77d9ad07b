import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { cosignedNote } from "@/lib/ledger/cosignatures";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { readTile } from "@/lib/ledger/tile-reader";
import { TILE_WIDTH } from "@/lib/ledger/tiles";

/** A tile of C2SP tlog-tiles; `width` hashes of it, 256 for a full one. */
export interface TilePlace {
  level: number;
  n: number;
  width: number;
}

/** The newest signed checkpoint with what witnesses said of it; undefined while nothing was signed. */
export async function readLogCheckpoint(ctx: Context): Promise<string | undefined> {
  authorize(ctx, "ledger.read");
  const checkpoint = await latestCheckpoint(ctx.db);
  return checkpoint && cosignedNote(ctx.db, checkpoint.size);
}

/** The first `width` hashes of a tile, one after the other; undefined while it has fewer. */
export async function readLogTile(ctx: Context, { level, n, width }: TilePlace): Promise<Buffer | undefined> {
  authorize(ctx, "ledger.read");
  const hashes = await readTile(ctx.db, level, n);
  return hashes.length < width ? undefined : Buffer.concat(hashes.slice(0, width));
}

/** The leaves below the first `width` hashes of a tile of level 0, each after its length (16 bits); undefined while there are fewer. */
export async function readLogLeaves(ctx: Context, { n, width }: Omit<TilePlace, "level">): Promise<Buffer | undefined> {
  authorize(ctx, "ledger.read");
  const start = n * TILE_WIDTH;
  const rows = await ctx.db.execute<{ leaf: Buffer }>(sql`
    select entry.leaf from log_sequence place
    join log_entries entry on entry.lane = place.lane and entry.id = place.entry_id
    where place.idx >= ${start}::bigint and place.idx < ${start + width}::bigint order by place.idx`);
  if (rows.length < width) return undefined;
  return Buffer.concat(rows.flatMap(({ leaf }) => [lengthOf(leaf), leaf]));
}

function lengthOf(leaf: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(leaf.length);
  return length;
}
