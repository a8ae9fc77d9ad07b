import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { newContactId, newId } from "@/lib/foundation/ids";
import { open } from "@/lib/keystore/cipher";
import { appendBatch, appendEntries, appendEntry, type NewEntry, payloadPlace } from "./append";
import { itemSalt } from "./entry";
import { commit, hashLeaf } from "./hash";
import { rootOf } from "./merkle";
import { noteSigner } from "./note";
import { logOrigin } from "./origin";
import { proveConsistency, proveInclusion, proveItem } from "./prove";
import { sequence } from "./sequence";
import { signCheckpoint } from "./sign-checkpoint";
import { rootAt } from "./tile-reader";
import { includes, isConsistent } from "./verifier";
import { verifyLog } from "./verify-log";

const AT = new Date("2026-11-03T09:00:00.000Z");
const key = randomBytes(32);

let database: TestDatabase;
let folder: string;
let stateFile: string;
let verifierKey: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "ledger-"));
  stateFile = join(folder, "checkpoint");
  verifierKey = noteSigner(await logOrigin(database.db), database.secrets.logSigningKey).verifierKey;
});

afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const sign = () => signCheckpoint(database.as("worker"), { keys: [database.secrets.logSigningKey], stateFile });
const verify = () => verifyLog(database.db, [verifierKey]);

function entry(overrides: Partial<NewEntry> = {}): NewEntry {
  const ref = newId();
  return {
    lane: 5,
    type: "test.happened",
    ref,
    subject: null,
    by: "system",
    at: AT,
    payload: { ref },
    key,
    ...overrides,
  };
}

function append(count: number): Promise<string[]> {
  const entries = Array.from({ length: count }, () => entry());
  return database.as("console").transaction((tx) => appendEntries(tx, entries));
}

describe("the log", () => {
  test("an empty log signs nothing and verifies", async () => {
    expect(await sequence(database.as("worker"))).toEqual({ sequenced: 0, size: 0 });
    expect(await sign()).toEqual({ kind: "empty" });
    expect(await verify()).toMatchObject({ size: 0, problemCount: 0 });
  });

  test("an entry and its change roll back together", async () => {
    const undone = database.db.transaction(async (tx) => {
      await appendEntry(tx, entry());
      throw new Error("the change failed");
    });
    await expect(undone).rejects.toThrow("the change failed");
    const [left] = await database.db.execute<{ n: number }>(sql`
      select (select count(*) from log_entries)::int + (select count(*) from log_pending)::int as n`);
    expect(left?.n).toBe(0);
  });

  test("the sealed payload opens to what the leaf commits to, and to nothing personal in clear", async () => {
    const contact = newContactId();
    const entryId = newId();
    const given = entry({ entryId, subject: contact, payload: { phone: "+34600000001", n: 1 } });
    expect(await database.db.transaction((tx) => appendEntry(tx, given))).toEqual({ entryId });
    const [row] = await database.db.execute<{ leaf: Buffer; leaf_hash: Buffer; ciphertext: Buffer }>(sql`
      select entry.leaf, entry.leaf_hash, sealed.ciphertext from log_entries entry
      join log_payloads sealed on sealed.lane = entry.lane and sealed.row_id = entry.id where entry.id = ${entryId}`);
    if (!row) expect.fail("the entry is not there");
    const { payload, salt } = JSON.parse(open(key, row.ciphertext, payloadPlace(entryId)).toString());
    const envelope = JSON.parse(row.leaf.toString());
    expect(envelope).toEqual({
      v: 1,
      log: await logOrigin(database.db),
      type: "test.happened",
      at: AT.toISOString(),
      ref: given.ref,
      subj: contact,
      by: "system",
      c: commit(Buffer.from(salt, "base64"), payload).toString("base64"),
    });
    expect(row.leaf_hash).toEqual(hashLeaf(row.leaf));
    expect(row.leaf.toString()).not.toContain("600000001");
  });

  test("sequencing in uneven steps across tile borders gives the root of all leaves, contiguous and once each", async () => {
    for (const count of [1, 253, 2, 300, 513, 1]) {
      await append(count);
      await Promise.all([sequence(database.as("worker")), sequence(database.as("worker"))]);
    }
    const rows = await database.db.execute<{ idx: string; hash: Buffer }>(
      sql`select idx, leaf_hash as hash from log_sequence order by idx`,
    );
    expect(rows.map((row) => Number(row.idx))).toEqual(rows.map((_, i) => i));
    const hashes = rows.map((row) => row.hash);
    for (const size of [1, 2, 255, 256, 257, 512, 700, hashes.length]) {
      expect(await rootAt(database.db, size)).toEqual(rootOf(hashes.slice(0, size)));
    }
    const signed = await sign();
    expect(signed).toMatchObject({ kind: "signed", checkpoint: { size: hashes.length, root: rootOf(hashes) } });
    expect(await sign()).toMatchObject({ kind: "unchanged" });
    expect(await verify()).toMatchObject({ size: hashes.length, checkpoints: 1, pending: 0, problems: [] });
  });

  test("every proof holds, against the newest checkpoint and between two", async () => {
    const [first = ""] = await append(1);
    expect(await proveInclusion(database.db, first)).toBeUndefined();
    await sequence(database.db);
    expect(await proveInclusion(database.db, first)).toBeUndefined(); // sequenced, not in a checkpoint yet
    await append(40);
    const { size } = await sequence(database.db);
    await sign();
    const rows = await database.db.execute<{ id: string }>(
      sql`select entry_id as id from log_sequence where idx % 37 = 0`,
    );
    for (const { id } of rows) {
      const proof = await proveInclusion(database.db, id);
      expect(proof && includes(proof)).toBe(true);
    }
    for (const size1 of [1, 255, 256, 257, 1000, size]) {
      const [root1, root2] = [await rootAt(database.db, size1), await rootAt(database.db, size)];
      const proof = await proveConsistency(database.db, size1, size);
      expect(isConsistent({ size1, size2: size, root1, root2, proof })).toBe(true);
    }
  });

  test("a batch is one entry, and each of its items can be proved and opened by itself", async () => {
    const items = Array.from({ length: 5 }, () => {
      const id = newId();
      return { id, subject: newContactId(), payload: { attempt: id }, key: randomBytes(32) };
    });
    const batch = {
      lane: 9,
      type: "send.gate",
      ref: newId(),
      by: "system",
      at: AT,
      items,
      payloads: "derived",
    } as const;
    const { entryId } = await database.as("worker").transaction((tx) => appendBatch(tx, batch));
    const [row] = await database.db.execute<{ leaf: Buffer }>(sql`select leaf from log_entries where id = ${entryId}`);
    const root = Buffer.from(JSON.parse(String(row?.leaf)).c, "base64");
    for (const item of items) {
      const proof = await proveItem(database.db, { lane: 9, entryId, itemId: item.id });
      if (!proof) expect.fail("no proof");
      expect(includes({ ...proof, index: proof.position, root })).toBe(true);
      expect(proof.leafHash).toEqual(hashLeaf(commit(itemSalt(item.key, item.id), item.payload)));
    }
    const [kept] = await database.db.execute<{ n: number }>(
      sql`select count(*)::int as n from log_payloads where row_id = ${items[0]?.id ?? ""}`,
    );
    expect(kept?.n).toBe(0);
    await sequence(database.db);
    await sign();
    expect(await verify()).toMatchObject({ problems: [] });
  });

  test("no runtime role may change or remove what is logged", async () => {
    for (const role of ["console", "ingress", "worker"] as const) {
      for (const table of [
        "log_entries",
        "log_batch_items",
        "log_sequence",
        "log_tiles",
        "log_checkpoints",
        "log_payloads",
      ]) {
        for (const statement of [`delete from ${table}`, `truncate ${table}`]) {
          await expect(database.as(role).execute(sql.raw(statement))).rejects.toMatchObject({
            cause: { code: "42501" },
          });
        }
      }
    }
  });
});

describe("tampering", () => {
  const changes: [string, string, string][] = [
    [
      "a leaf",
      `update log_entries set leaf = leaf || ' ' where id = (select entry_id from log_sequence where idx = 300)`,
      "leaf",
    ],
    ["a removed entry", `delete from log_entries where id = (select entry_id from log_sequence where idx = 12)`, "gap"],
    ["a removed index", `delete from log_sequence where idx = 700`, "gap"],
    ["a cut tail", `delete from log_sequence where idx >= (select max(idx) from log_sequence)`, "checkpoint"],
    [
      "a tile",
      `update log_tiles set data = set_byte(data, 5, get_byte(data, 5) # 1) where level = 0 and n = 1`,
      "tile",
    ],
    ["a removed tile", `delete from log_tiles where level = 0 and n = 0`, "tile"],
    ["a signed root", `update log_checkpoints set root = set_byte(root, 0, get_byte(root, 0) # 1)`, "checkpoint"],
    ["a note", `update log_checkpoints set note = replace(note, E'\\n\\n', E'\\n\\n\\n')`, "signature"],
    [
      "an item of a batch",
      `update log_batch_items set leaf_hash = set_byte(leaf_hash, 3, get_byte(leaf_hash, 3) # 1)`,
      "batch",
    ],
    ["a removed item", `delete from log_batch_items where position = 4`, "batch"],
    [
      "an entry kept from the sequencer",
      `with gone as (delete from log_pending returning 1) select count(*) from gone`,
      "lost",
    ],
    [
      "two entries swapped with their hashes",
      `update log_sequence place set entry_id = other.entry_id, leaf_hash = other.leaf_hash, lane = other.lane
       from log_sequence other where place.idx in (3, 4) and other.idx = 7 - place.idx`,
      "tile",
    ],
  ];

  test.each(changes)("%s is found", async (_what, statement, kind) => {
    await append(1); // one entry is waiting
    class RollBack extends Error {}
    const tampered = database.db.transaction(async (tx) => {
      await tx.execute(sql.raw("alter table log_sequence drop constraint log_sequence_entry_id_unique"));
      await tx.execute(sql.raw(statement));
      const found = await verifyLog(tx, [verifierKey]);
      expect(found.problems.map((problem) => problem.kind)).toContain(kind);
      throw new RollBack();
    });
    await expect(tampered).rejects.toBeInstanceOf(RollBack);
    expect(await verify()).toMatchObject({ problems: [] });
    await sequence(database.db);
    await sign();
  });

  test("nothing is signed for a log that was set back or rewritten, even when its own checkpoints went with it", async () => {
    await append(3);
    await sequence(database.db);
    expect(await sign()).toMatchObject({ kind: "signed" });
    await database.db.execute(sql`delete from log_checkpoints`);
    const tail = sql`where idx >= (select max(idx) from log_sequence)`;
    const [kept] = await database.db.execute<{ idx: string; lane: number; id: string; hash: Buffer }>(
      sql`select idx, lane, entry_id as id, leaf_hash as hash from log_sequence ${tail}`,
    );
    if (!kept) expect.fail("no tail");
    await database.db.execute(sql`delete from log_sequence ${tail}`);
    expect(await sign()).toMatchObject({ kind: "conflict" });
    const restore = (hash: Buffer) =>
      database.db.execute(sql`
        insert into log_sequence (idx, lane, entry_id, leaf_hash) values (${kept.idx}, ${kept.lane}, ${kept.id}, ${hash})`);
    await restore(randomBytes(32));
    expect(await sign()).toMatchObject({ kind: "conflict" });
    await database.db.execute(sql`delete from log_sequence ${tail}`);
    await restore(kept.hash);
    expect(await sign()).toMatchObject({ kind: "signed" });
  });

  test("a state file that the log's key did not sign stops the signing", async () => {
    const note = await readFile(stateFile, "utf8");
    await writeFile(stateFile, note.replace(/\n\d+\n/, "\n1\n"));
    await expect(sign()).rejects.toThrow("nothing will be signed");
    await writeFile(stateFile, note);
    expect(await sign()).toMatchObject({ kind: "unchanged" });
  });
});
