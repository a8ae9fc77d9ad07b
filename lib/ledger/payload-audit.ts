import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { open } from "@/lib/keystore/cipher";
import type { Keystore } from "@/lib/keystore/keystore";
import { payloadPlace } from "./append";
import { commit, hashLeaf } from "./hash";
import type { Json } from "./verifier";

export interface PayloadKeys {
  keystore: Keystore;
  installationKey: Buffer;
}

/** An entry whose payloads, its own or its items', are to be checked. */
export interface EntryWithPayloads {
  lane: number;
  id: string;
  leaf: Buffer | null;
}

interface SealedRow extends Record<string, unknown> {
  id: string;
  entry_id: string;
  /** For an item of a batch: its leaf in the inner tree. */
  hash: Buffer | null;
  subject: string | null;
  ciphertext: Buffer;
}

export interface PayloadAudit {
  opened: number;
  /** Payloads whose key was destroyed. */
  sealed: number;
  /** Ids of entries with a payload that does not open, or is not what was committed to. */
  altered: string[];
}

/** Opens every stored payload of these entries and compares it with what the log commits to. */
export async function auditPayloads(
  db: Db,
  entries: readonly EntryWithPayloads[],
  { keystore, installationKey }: PayloadKeys,
): Promise<PayloadAudit> {
  const leaves = new Map(entries.map(({ id, leaf }) => [id, leaf]));
  const rows = await sealedRows(db, entries);
  const keys = await keystore.keysOf([...new Set(rows.flatMap(({ subject }) => subject ?? []))]);
  const audit: PayloadAudit = { opened: 0, sealed: 0, altered: [] };
  for (const row of rows) {
    const key = row.subject === null ? installationKey : keys.get(row.subject);
    if (!key) audit.sealed += 1;
    else if (holds(key, row, leaves.get(row.entry_id) ?? null)) audit.opened += 1;
    else audit.altered.push(row.entry_id);
  }
  return audit;
}

function sealedRows(db: Db, entries: readonly EntryWithPayloads[]): Promise<SealedRow[]> {
  const lanes = array(
    entries.map(({ lane }) => lane),
    "smallint",
  );
  const ids = array(
    entries.map(({ id }) => id),
    "uuid",
  );
  return db.execute<SealedRow>(sql`
    with entry as (select * from unnest(${lanes}, ${ids}) as entry (lane, id)),
    logged as (
      select lane, id, id as entry_id, null::bytea as hash from entry
      union all
      select item.lane, item.item_id, item.entry_id, item.leaf_hash
      from entry join log_batch_items item on item.lane = entry.lane and item.entry_id = entry.id
    )
    select logged.id, logged.entry_id, logged.hash, sealed.subject, sealed.ciphertext
    from logged join log_payloads sealed on sealed.lane = logged.lane and sealed.row_id = logged.id`);
}

function holds(key: Buffer, row: SealedRow, leaf: Buffer | null): boolean {
  try {
    const opening: { payload: Json; salt: string } = JSON.parse(
      open(key, row.ciphertext, payloadPlace(row.id)).toString(),
    );
    const commitment = commit(Buffer.from(opening.salt, "base64"), opening.payload);
    return row.hash ? row.hash.equals(hashLeaf(commitment)) : leaf !== null && commits(leaf, commitment);
  } catch {
    return false; // the seal is broken
  }
}

/** Whether the envelope's commitment is this hash. A leaf that was altered is found by its own hash already. */
export function commits(leaf: Buffer, commitment: Buffer): boolean {
  return leaf.includes(`"c":"${commitment.toString("base64")}"`);
}
