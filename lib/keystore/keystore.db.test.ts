import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { newContactId } from "@/lib/foundation/ids";
import { type Keystore, migrateKeystore, openKeystore } from "./keystore";

let database: TestDatabase;
let other: Keystore;

beforeAll(async () => {
  database = await testDatabase();
  other = openKeystore(database.urls.keystore, database.secrets.keyEncryptionKey);
});

afterAll(async () => {
  await other.close();
  await database.close();
});

test("two processes that make keys for the same people end with the same keys", async () => {
  const ids = Array.from({ length: 300 }, newContactId);
  const [ours, theirs] = await Promise.all([database.keystore.createKeys(ids), other.createKeys([...ids].reverse())]);
  expect(ours.size).toBe(300);
  for (const id of ids) expect(theirs.get(id)).toEqual(ours.get(id));
  expect(new Set([...ours.values()].map((key) => key.toString("hex"))).size).toBe(300);
  expect(await database.keystore.createKeys(ids)).toEqual(ours);
});

test("a destroyed key is absent at once, and its neighbours stay", async () => {
  const [gone, stays] = [newContactId(), newContactId()];
  await database.keystore.createKeys([gone, stays]);
  await database.keystore.destroy([gone]);
  const keys = await database.keystore.keysOf([gone, stays]);
  expect([keys.has(gone), keys.has(stays)]).toEqual([false, true]);
  expect((await other.keysOf([gone])).size).toBe(0);
});

test("keys rest wrapped: they open under our key-encryption key only, and only in their own row", async () => {
  const [one, two] = [newContactId(), newContactId()];
  const keys = await database.keystore.createKeys([one, two]);
  const stranger = openKeystore(database.urls.keystore, randomBytes(32));
  await expect(stranger.keysOf([one])).rejects.toThrow("another key");
  await stranger.close();
  const sql = postgres(database.urls.keystore, { max: 1 });
  const stored = await sql<{ wrapped: Buffer }[]>`select wrapped from contact_keys where contact_id = ${one}`;
  expect(stored[0]?.wrapped.includes(keys.get(one) ?? "missing")).toBe(false);
  await sql`update contact_keys set wrapped = (select wrapped from contact_keys where contact_id = ${one}) where contact_id = ${two}`;
  await sql.end();
  await expect(other.keysOf([two])).rejects.toThrow();
});

test("nobody asked for gives nobody, and preparing the store twice changes nothing", async () => {
  expect(await database.keystore.keysOf([])).toEqual(new Map());
  expect(await database.keystore.createKeys([])).toEqual(new Map());
  await migrateKeystore(database.urls.keystore);
});
