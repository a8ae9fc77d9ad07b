import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Db } from "@/db/client";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendBatch, appendEntry } from "./append";
import { cosignedNote, storeCosignature } from "./cosignatures";
import { noteCosigner, noteSigner } from "./note";
import { logOrigin } from "./origin";
import { latestCheckpoint, proveConsistency } from "./prove";
import { sequence } from "./sequence";
import { signCheckpoint } from "./sign-checkpoint";
import { readKey } from "./verifier";
import { type LogVerification, verifyLog } from "./verify-log";
import { addCheckpoint, type Sight } from "./witness";

// P6 of the compliance specification, in the database: every single change of a row, a tile, a payload or a checkpoint is found
// by recomputing; a tail cut off so well that nothing inside shows it is found by whoever saw it before.

const CHANGES = process.env.LONG ? 2_000 : 60;
const ENTRIES = 270; // more than a tile

let database: TestDatabase;
let folder: string;
let vkey: string;
const witness = noteCosigner("witness.example", generateKeyPairSync("ed25519").privateKey);
const sights = new Map<string, Sight>();

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "tamper-"));
  vkey = noteSigner(await logOrigin(database.db), database.secrets.logSigningKey).verifierKey;
  for (const entries of [ENTRIES, 4, 3]) {
    await grow(entries);
    await sequence(database.db);
    await signCheckpoint(database.db, settings());
    await cosign();
  }
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const settings = () => ({
  keys: [database.secrets.logSigningKey] as [string],
  stateFile: join(folder, "checkpoint"),
});

async function grow(entries: number): Promise<void> {
  const key = installationKey(database.secrets.keyEncryptionKey);
  const head = () => ({ lane: 0, ref: newId(), by: "system", at: new Date(), type: "test.happened" }) as const;
  await database.db.transaction(async (tx) => {
    for (let i = 0; i < entries; i += 1) {
      if (i % 10 > 0) await appendEntry(tx, { ...head(), subject: null, payload: { i }, key });
      else {
        const items = Array.from({ length: 3 }, (_, n) => ({ id: newId(), subject: null, payload: { i, n }, key }));
        await appendBatch(tx, { ...head(), items, payloads: "sealed" });
      }
    }
  });
}

async function cosign(): Promise<number> {
  const checkpoint = (await latestCheckpoint(database.db)) ?? expect.fail("nothing signed");
  const answer = await showTo(database.db);
  expect(answer.status).toBe(200);
  await storeCosignature(database.db, {
    size: checkpoint.size,
    verifierKey: witness.verifierKey,
    line: answer.body,
    cosignedAt: new Date(1_800_000_000_000),
  });
  return checkpoint.size;
}

/** What the witness says of the newest checkpoint, with an honest proof from where the log now is. */
async function showTo(db: Db) {
  const checkpoint = (await latestCheckpoint(db)) ?? expect.fail("nothing signed");
  const old = sights.get(await logOrigin(db))?.size ?? 0;
  const proof = old === 0 || old >= checkpoint.size ? [] : await proveConsistency(db, old, checkpoint.size);
  const body = [
    `old ${Math.min(old, checkpoint.size)}`,
    ...proof.map((hash) => hash.toString("base64")),
    "",
    checkpoint.note,
  ];
  return addCheckpoint(Buffer.from(body.join("\n")), {
    logs: [readKey(vkey) ?? expect.fail("no key")],
    cosigner: witness,
    memory: {
      read: async (origin) => sights.get(origin),
      write: async (origin, sight) => void sights.set(origin, sight),
    },
    now: () => new Date(1_800_000_000_000),
  });
}

const audit = (db: Db): Promise<LogVerification> =>
  verifyLog(db, [vkey], {
    payloadKeys: {
      keystore: database.keystore,
      installationKey: installationKey(database.secrets.keyEncryptionKey),
    },
  });

class RolledBack extends Error {}

/** Changes the database, looks at it, and takes the change back. */
async function after<Seen>(changes: readonly SQL[], look: (tx: Db) => Promise<Seen>): Promise<Seen> {
  let seen: { value: Seen } | undefined;
  await database.db
    .transaction(async (tx) => {
      for (const change of changes) await tx.execute(change);
      seen = { value: await look(tx) };
      throw new RolledBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  return seen?.value ?? expect.fail("not looked at");
}

/** The same numbers for the same seed, from 0 to below `below`. */
function chance(seed: string): (below: number) => number {
  let n = 0;
  return (below) => createHash("sha256").update(`${seed} ${n++}`).digest().readUInt32BE() % below;
}

const columns = [
  { table: "log_entries", column: "leaf" },
  { table: "log_entries", column: "leaf_hash" },
  { table: "log_sequence", column: "leaf_hash" },
  { table: "log_tiles", column: "data" },
  { table: "log_tiles", column: "root" },
  { table: "log_batch_items", column: "leaf_hash" },
  { table: "log_payloads", column: "ciphertext" },
  { table: "log_checkpoints", column: "root" },
] as const;
const texts = [
  { table: "log_checkpoints", column: "note" },
  { table: "log_cosignatures", column: "line" },
  { table: "log_entries", column: "type" },
] as const;
const removable = ["log_entries", "log_sequence", "log_tiles", "log_batch_items"] as const;

function changeOf(seed: string): { how: string; sql: SQL | SQL[] } {
  const pick = chance(seed);
  const row = (table: string) =>
    sql.raw(
      `ctid = (select ctid from ${table} order by ctid offset ${pick(1_000_000)} % (select count(*) from ${table}) limit 1)`,
    );
  const kind = pick(6);
  if (kind === 0) {
    const table = removable[pick(removable.length)] ?? "log_entries";
    return { how: `a row of ${table} removed`, sql: sql`delete from ${sql.raw(table)} where ${row(table)}` };
  }
  if (kind === 1) {
    const { table, column } = texts[pick(texts.length)] ?? texts[0];
    const name = sql.raw(column);
    const at = sql`${pick(1_000_000)} % length(${name})`;
    const other = sql`case substr(${name}, 1 + ${at}, 1) when 'x' then 'y' else 'x' end`;
    const changed = sql`overlay(${name} placing ${other} from 1 + ${at} for 1)`;
    return {
      how: `a letter of ${table}.${column}`,
      sql: sql`update ${sql.raw(table)} set ${name} = ${changed} where ${row(table)}`,
    };
  }
  if (kind === 2) {
    const one = sql`(select idx from log_sequence order by idx offset ${pick(ENTRIES)} limit 1)`;
    const stranger = sql`insert into log_batch_items (lane, entry_id, position, item_id, leaf_hash)
      select lane, entry_id, 99, ${newId()}::uuid, leaf_hash from log_sequence where idx = ${one}`;
    const payload = sql`insert into log_payloads (lane, row_id, ciphertext) values (0, ${newId()}::uuid, 'x')`;
    return pick(2) === 0
      ? { how: "an item put into an entry", sql: stranger }
      : { how: "a payload of nothing", sql: payload };
  }
  if (kind === 3) {
    const [from, to] = [pick(100), 100 + pick(100)];
    const move = (idx: number, target: number) =>
      sql`update log_sequence set idx = ${target}::bigint where idx = ${idx}::bigint`;
    return { how: `entries ${from} and ${to} swapped`, sql: [move(from, -1), move(to, from), move(-1, to)] };
  }
  const { table, column } = columns[pick(columns.length)] ?? columns[0];
  const name = sql.raw(column);
  const bit = sql`${pick(2 ** 31)} % (octet_length(${name}) * 8)`;
  return {
    how: `a bit of ${table}.${column}`,
    sql: sql`update ${sql.raw(table)} set ${name} = set_bit(${name}, ${bit}, 1 - get_bit(${name}, ${bit})) where ${row(table)}`,
  };
}

test("the log as it was written holds", async () => {
  expect(await audit(database.db)).toMatchObject({ problemCount: 0, checkpoints: 3, pending: 0 });
  expect(await cosignedNote(database.db, ENTRIES)).toContain("witness.example");
});

test(`every one of ${CHANGES} single changes of a row is found by recomputing`, async () => {
  for (let n = 0; n < CHANGES; n += 1) {
    const { how, sql: change } = changeOf(`change ${n}`);
    const { problemCount } = await after([change].flat(), audit);
    expect(problemCount, `seed "change ${n}": ${how}`).toBeGreaterThan(0);
  }
});

test("a tail cut off with its tiles, checkpoints and cosignatures shows nowhere inside: the witness and the file know", async () => {
  for (const kept of [ENTRIES, ENTRIES + 4]) {
    const cut = [
      sql`delete from log_payloads where row_id in (select entry_id from log_sequence where idx >= ${kept}::bigint)
        or row_id in (select item_id from log_batch_items item join log_sequence place on place.entry_id = item.entry_id
          where place.idx >= ${kept}::bigint)`,
      sql`delete from log_batch_items where entry_id in (select entry_id from log_sequence where idx >= ${kept}::bigint)`,
      sql`delete from log_entries where id in (select entry_id from log_sequence where idx >= ${kept}::bigint)`,
      sql`delete from log_sequence where idx >= ${kept}::bigint`,
      sql`delete from log_checkpoints where size > ${kept}::bigint`,
      sql`delete from log_cosignatures where size > ${kept}::bigint`,
    ];
    const seen = await after(cut, async (tx) => ({
      inside: (await audit(tx)).problemCount,
      witness: (await showTo(tx)).status,
      signing: (await signCheckpoint(tx, settings())).kind,
    }));
    expect(seen).toEqual({ inside: 0, witness: 409, signing: "conflict" });
  }
});
