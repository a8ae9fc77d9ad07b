import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { changeSigningKey, loadSecrets, type Secrets } from "@/lib/foundation/secrets";
import { audit } from "@/lib/identity/audit";
import { transaction } from "@/lib/identity/context";
import { listLogKeys, logVerifierKeys } from "@/lib/ledger/keys";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { sequence } from "@/lib/ledger/sequence";
import { openNote, readKey } from "@/lib/ledger/verifier";
import { verifyLog } from "@/lib/ledger/verify-log";
import { listNotices } from "@/lib/notices/queries/list-notices";
import { keepCheckpoint, publishLogKey } from "./keep-log";

let t: TestDatabase;
let dataDir: string;
const worker = () => t.context(undefined, { db: t.as("worker") });

beforeAll(async () => {
  t = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "keep-log-"));
});
afterAll(async () => {
  await t.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** The worker starts with these secrets, something happens, and it signs. Answers who signed, by their place in `keys`. */
async function signWith(secrets: Secrets): Promise<string[]> {
  await publishLogKey(worker(), secrets);
  await transaction(worker(), async (tx) => void (await audit(tx, "test.happened", {})));
  await sequence(t.as("worker"));
  await keepCheckpoint(worker(), { secrets, dataDir });
  const { note } = (await latestCheckpoint(t.db)) ?? expect.fail("nothing signed");
  const keys = await logVerifierKeys(t.db);
  const opened = await Promise.all(keys.map((key) => openNote(Buffer.from(note), [readKey(key) ?? expect.fail()])));
  return keys.filter((_, i) => opened[i]?.kind === "verified");
}

test("after a change of keys both sign for thirty days, the change is in the log, and everything signed before still verifies", async () => {
  const first = await signWith(loadSecrets(dataDir));
  expect(first).toHaveLength(1);
  changeSigningKey(dataDir);
  expect(() => changeSigningKey(dataDir)).toThrow("thirty days");
  const secrets = loadSecrets(dataDir);
  const both = await signWith(secrets);
  expect(both).toHaveLength(2);
  expect(both).toContain(first[0]);
  expect(await t.db.execute(sql`select type from audit_events where type = 'log_key.changed'`)).toHaveLength(1);
  expect(await verifyLog(t.db, await logVerifierKeys(t.db))).toMatchObject({ problemCount: 0, checkpoints: 2 });

  const before = (await listLogKeys(t.db)).find(({ endsAt }) => endsAt !== null);
  expect(before?.verifierKey).toBe(first[0]);
  await t.db.execute(sql`update log_keys set ends_at = now() where ends_at is not null`);
  expect(await signWith(secrets)).toEqual(both.filter((key) => key !== first[0]));
});

test("a log that contradicts what was signed is told at once and not signed", async () => {
  const secrets = loadSecrets(dataDir);
  await signWith(secrets);
  const { size } = (await latestCheckpoint(t.db)) ?? expect.fail("nothing signed");
  await t.db.execute(sql`update log_sequence set leaf_hash = sha256('x') where idx = 0`);
  await transaction(worker(), async (tx) => void (await audit(tx, "test.happened", {})));
  await sequence(t.as("worker"));
  await keepCheckpoint(worker(), { secrets, dataDir });
  expect((await latestCheckpoint(t.db))?.size).toBe(size);
  const officer = t.context({ kind: "user", userId: crypto.randomUUID(), roles: ["compliance"], sessionId: null });
  expect((await listNotices(officer)).map(({ kind }) => kind)).toContain("log_conflict");
});
