import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { deriveKey, keyId, open, seal } from "./cipher";
import { KeyCache } from "./key-cache";

const CACHE_MS = 60_000; // compliance/design.md 2.5: an erased person's key is out of every process within a minute
const CACHE_KEYS = 100_000;
const BATCH_ROWS = 10_000;
const MIGRATION_LOCK = 0x6b657973; // "keys"

/** Where the keys of people are. A contact without a key was erased (or never existed): the caller must fail closed. */
export interface Keystore {
  /** The 32-byte keys of these contacts. A contact whose key does not exist is absent from the map. */
  keysOf(contactIds: readonly string[]): Promise<Map<string, Buffer>>;
  /** Makes the missing keys and answers all of them; safe to repeat. Committed before it returns: key first, contact after. */
  createKeys(contactIds: readonly string[]): Promise<Map<string, Buffer>>;
  /** Destroys the keys for good, blocked ones too. What was sealed under them stays unreadable, also in older backups. */
  destroy(contactIds: readonly string[]): Promise<void>;
  /**
   * Puts keys aside under the key for blocked data (LOPDGDD 32): `keysOf` answers as if they were destroyed. Safe to repeat.
   * Until `until`; then somebody must destroy them.
   */
  block(contactIds: readonly string[], until: Date): Promise<void>;
  /** The keys that were put aside. Whoever asks has made sure that two people and a legal ground allow it. */
  blockedKeysOf(contactIds: readonly string[]): Promise<Map<string, Buffer>>;
  close(): Promise<void>;
}

/** Creates the key table where it is missing. `url` is the key store's own database, never the main one. */
export async function migrateKeystore(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      await tx`create table if not exists contact_keys (
        contact_id uuid primary key,
        kek_id text not null,
        wrapped bytea not null,
        created_at timestamptz not null default now()
      )`;
      await tx`create table if not exists blocked_keys (
        contact_id uuid primary key,
        kek_id text not null,
        wrapped bytea not null,
        blocked_until timestamptz not null
      )`;
    });
  } finally {
    await sql.end();
  }
}

/**
 * Opens the key store. Keys rest wrapped under `keyEncryptionKey` (32 bytes); unwrapped keys stay in this process for at
 * most 60 s. Throws when a stored key was wrapped under another key-encryption key or its row was altered.
 */
export function openKeystore(url: string, keyEncryptionKey: Buffer): Keystore {
  const sql = postgres(url, { max: 4, onnotice: () => {} });
  const cache = new KeyCache({ maxAgeMs: CACHE_MS, maxKeys: CACHE_KEYS });
  const kekId = keyId(keyEncryptionKey).toString("hex");
  const blockedKey = deriveKey(keyEncryptionKey, "blocked data");

  async function load(contactIds: readonly string[], into: Map<string, Buffer>): Promise<void> {
    for (const ids of slices(contactIds)) {
      const generation = cache.generation;
      const rows = await sql<{ id: string; wrapped: Buffer }[]>`
        select contact_id as id, wrapped from contact_keys where contact_id = any(${list(ids)}::text::uuid[])`;
      for (const row of rows) {
        const key = open(keyEncryptionKey, row.wrapped, place(row.id));
        into.set(row.id, key);
        cache.set(row.id, key, generation);
      }
    }
  }

  async function keysOf(contactIds: readonly string[]): Promise<Map<string, Buffer>> {
    const { found, missing } = cache.take(contactIds);
    if (missing.length > 0) await load(missing, found);
    return found;
  }

  async function createKeys(contactIds: readonly string[]): Promise<Map<string, Buffer>> {
    for (const ids of slices(contactIds)) {
      const wrapped = ids.map((id) => seal(keyEncryptionKey, randomBytes(32), place(id)).toString("hex"));
      await sql`
        insert into contact_keys (contact_id, kek_id, wrapped)
        select id, ${kekId}, decode(wrapped, 'hex')
        from unnest(${list(ids)}::text::uuid[], ${list(wrapped)}::text::text[]) as made (id, wrapped)
        order by id -- one order for everybody: two processes that make the same keys must not wait for each other
        on conflict (contact_id) do nothing`;
    }
    const keys = new Map<string, Buffer>();
    await load(contactIds, keys); // read back: another process may have been first
    return keys;
  }

  async function destroy(contactIds: readonly string[]): Promise<void> {
    if (contactIds.length === 0) return;
    for (const ids of slices(contactIds)) {
      await sql`delete from contact_keys where contact_id = any(${list(ids)}::text::uuid[])`;
      await sql`delete from blocked_keys where contact_id = any(${list(ids)}::text::uuid[])`;
    }
    cache.forget(contactIds);
    await wipe("contact_keys");
    await wipe("blocked_keys");
  }

  /** A plain VACUUM leaves a deleted row's bytes in its page until something else is written there; this writes the table anew. */
  async function wipe(table: "contact_keys" | "blocked_keys"): Promise<void> {
    await sql`vacuum (full) ${sql(table)}`;
  }

  async function block(contactIds: readonly string[], until: Date): Promise<void> {
    if (contactIds.length === 0) return;
    for (const ids of slices(contactIds)) {
      const keys = new Map<string, Buffer>();
      await load(ids, keys);
      const rows = [...keys].map(([id, key]) => ({
        id,
        wrapped: seal(blockedKey, key, blockedPlace(id)).toString("hex"),
      }));
      await sql.begin(async (tx) => {
        await tx`
          insert into blocked_keys (contact_id, kek_id, wrapped, blocked_until)
          select id, ${kekId}, decode(wrapped, 'hex'), ${until.toISOString()}::text::timestamptz
          from unnest(${list(rows.map(({ id }) => id))}::text::uuid[], ${list(rows.map(({ wrapped }) => wrapped))}::text::text[])
            as made (id, wrapped)
          on conflict (contact_id) do nothing`;
        await tx`delete from contact_keys where contact_id = any(${list(ids)}::text::uuid[])`;
      });
    }
    cache.forget(contactIds);
    await wipe("contact_keys");
  }

  async function blockedKeysOf(contactIds: readonly string[]): Promise<Map<string, Buffer>> {
    const rows = await sql<{ id: string; wrapped: Buffer }[]>`
      select contact_id as id, wrapped from blocked_keys where contact_id = any(${list(contactIds)}::text::uuid[])`;
    return new Map(rows.map(({ id, wrapped }) => [id, open(blockedKey, wrapped, blockedPlace(id))]));
  }

  return { keysOf, createKeys, destroy, block, blockedKeysOf, close: () => sql.end() };
}

function place(contactId: string): string {
  return `contact_keys|wrapped|${contactId}`;
}

function blockedPlace(contactId: string): string {
  return `blocked_keys|wrapped|${contactId}`;
}

/**
 * A list of uuids or hex words as an array literal in one text parameter: the driver writes arrays properly only after its
 * first connection has read the server's types.
 */
function list(words: readonly string[]): string {
  return `{${words.join(",")}}`;
}

function* slices(contactIds: readonly string[]): Generator<string[]> {
  for (let start = 0; start < contactIds.length; start += BATCH_ROWS) yield contactIds.slice(start, start + BATCH_ROWS);
}
