import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";

export interface StoredCosignature {
  size: number;
  verifierKey: string;
  /** The signature line, with its newline. */
  line: string;
  cosignedAt: Date;
}

/** Keeps what a witness said of a checkpoint of ours; what it said before stays. */
export async function storeCosignature(
  db: Db,
  { size, verifierKey, line, cosignedAt }: StoredCosignature,
): Promise<void> {
  await db.execute(sql`
    insert into log_cosignatures (size, verifier_key, line, cosigned_at)
    values (${size}::bigint, ${verifierKey}, ${line}, ${cosignedAt}::timestamptz) on conflict do nothing`);
}

/** The signed note of a checkpoint with everything that witnesses said of it. @throws Error when there is none of this size */
export async function cosignedNote(db: Db, size: number): Promise<string> {
  const [row] = await db.execute<{ note: string; lines: string }>(sql`
    select note, coalesce((select string_agg(line, '' order by verifier_key) from log_cosignatures c where c.size = p.size), '')
      as lines
    from log_checkpoints p where size = ${size}::bigint`);
  if (!row) throw new Error(`No checkpoint of ${size} entries was signed`);
  return row.note + row.lines;
}

/** Verifier keys of the witnesses that cosigned checkpoints of these sizes. */
export async function witnessKeysOf(db: Db, sizes: readonly number[]): Promise<string[]> {
  const rows = await db.execute<{ key: string }>(sql`
    select distinct verifier_key as key from log_cosignatures where size = any(${array(sizes, "bigint")}) order by 1`);
  return rows.map(({ key }) => key);
}

export interface WitnessSight {
  verifierKey: string;
  /** The largest checkpoint that it cosigned, and when. */
  size: number;
  cosignedAt: Date;
}

/** What each witness saw last. */
export async function lastSights(db: Db): Promise<WitnessSight[]> {
  const rows = await db.execute<{ key: string; size: string; at: string }>(sql`
    select distinct on (verifier_key) verifier_key as key, size, cosigned_at as at from log_cosignatures
    order by verifier_key, size desc`);
  return rows.map(({ key, size, at }) => ({ verifierKey: key, size: Number(size), cosignedAt: new Date(at) }));
}
