import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { laneOf, newContactId, newId } from "@/lib/foundation/ids";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendBatch, appendEntry, payloadPlace } from "./append";
import { buildBundle, type EvidenceKeys } from "./bundle";
import { noteSigner } from "./note";
import { logOrigin } from "./origin";
import { sequence } from "./sequence";
import { signCheckpoint } from "./sign-checkpoint";
import { type Bundle, readBundle, verifyBundle } from "./verifier";
import { verifyLog } from "./verify-log";

const AT = new Date("2026-11-03T09:00:00.000Z");
const contact = newContactId();
const neighbour = newContactId();
const lane = laneOf(contact);

let database: TestDatabase;
let folder: string;
let keys: EvidenceKeys;
let single: string;
let batch: string;
const attempts = [newId(), newId(), newId()];

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "bundle-"));
  const { verifierKey } = noteSigner(await logOrigin(database.db), database.secrets.logSigningKey);
  keys = {
    keystore: database.keystore,
    installationKey: installationKey(database.secrets.keyEncryptionKey),
    verifierKeys: [verifierKey],
  };
  const people = await database.keystore.createKeys([contact, neighbour]);
  const keyOf = (id: string) => people.get(id) ?? randomBytes(32);
  await database.db.transaction(async (tx) => {
    const head = { lane, ref: newId(), by: "contact", at: AT } as const;
    ({ entryId: single } = await appendEntry(tx, {
      ...head,
      type: "consent.granted",
      subject: contact,
      payload: { event: head.ref, contact },
      key: keyOf(contact),
    }));
    const items = attempts.map((id, i) => {
      const subject = i === 1 ? neighbour : contact;
      return { id, subject, payload: { attempt: id }, key: keyOf(subject) };
    });
    ({ entryId: batch } = await appendBatch(tx, { ...head, type: "send.gate", items, payloads: "derived" }));
  });
});

afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const build = () =>
  buildBundle(
    database.db,
    [
      { lane, entryId: single },
      {
        lane,
        entryId: batch,
        items: attempts.map((id, i) => ({ id, subject: i === 1 ? neighbour : contact, payload: { attempt: id } })),
      },
    ],
    keys,
  );

function reread(bundle: Bundle): Bundle {
  const read = readBundle(JSON.stringify(bundle));
  return read.kind === "bundle" ? read.bundle : expect.fail("unreadable");
}

async function bundled(): Promise<Bundle> {
  const outcome = await build();
  return outcome.kind === "bundle" ? outcome.bundle : expect.fail("not covered");
}

describe("an evidence bundle", () => {
  test("is not given before a signed checkpoint covers the entries", async () => {
    expect(await build()).toEqual({ kind: "not_covered", entryIds: [single, batch] });
    await sequence(database.db);
    await signCheckpoint(database.db, {
      keys: [database.secrets.logSigningKey],
      stateFile: join(folder, "checkpoint"),
    });
    expect((await build()).kind).toBe("bundle");
  });

  test("holds for whoever has the log's key, and opens every payload", async () => {
    const verdict = await verifyBundle(reread(await bundled()), keys.verifierKeys);
    expect(verdict).toMatchObject({ failures: [], checkpoints: 1, entries: 2, sealed: 0 });
    expect(verdict.proved.map((row) => row.payload)).toContainEqual({ attempt: attempts[2] });
    expect(verdict.proved.map((row) => row.subject)).toContain(contact);
  });

  test("does not hold for another key, nor with a payload that the rows no longer give", async () => {
    const { privateKey } = await import("node:crypto").then((crypto) => crypto.generateKeyPairSync("ed25519"));
    const stranger = noteSigner(await logOrigin(database.db), privateKey).verifierKey;
    const bundle = await bundled();
    expect((await verifyBundle(bundle, [stranger])).failures.length).toBeGreaterThan(0);
    const items = [{ id: attempts[0] ?? "", subject: contact, payload: { attempt: attempts[1] ?? "" } }];
    const altered = await buildBundle(database.db, [{ lane, entryId: batch, items }], keys);
    expect(altered.kind === "bundle" && (await verifyBundle(altered.bundle)).failures).toEqual([
      expect.stringContaining("not what was committed to"),
    ]);
  });

  test("any single change of a character is found", async () => {
    const text = JSON.stringify(await bundled());
    const change = fc.record({
      at: fc.nat(text.length - 1),
      to: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, to }) => {
        fc.pre(text[at] !== to);
        const changed = readBundle(text.slice(0, at) + to + text.slice(at + 1));
        const holds =
          changed.kind === "bundle" && (await verifyBundle(changed.bundle, keys.verifierKeys)).failures.length === 0;
        expect(holds).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a recomputation of the log with its keys opens every stored payload, and finds one that was altered or moved", async () => {
    expect(await verifyLog(database.db, keys.verifierKeys, { payloadKeys: keys })).toMatchObject({
      opened: 1,
      sealed: 0,
      problems: [],
    });
    for (const change of [
      sql`update log_payloads set ciphertext = set_byte(ciphertext, 20, get_byte(ciphertext, 20) # 1)`,
      sql`update log_payloads set ciphertext = ${seal(keys.installationKey, "{}", payloadPlace(single))}, subject = null`,
    ]) {
      const altered = database.db.transaction(async (tx) => {
        await tx.execute(change);
        const { problems } = await verifyLog(tx, keys.verifierKeys, { payloadKeys: keys });
        throw new Error(JSON.stringify(problems));
      });
      await expect(altered).rejects.toThrow(JSON.stringify([{ kind: "payload", at: single }]));
    }
  });

  test("an erased person's rows stay proved and are shown as sealed, never as failures", async () => {
    await database.keystore.destroy([neighbour]);
    const verdict = await verifyBundle(await bundled(), keys.verifierKeys);
    expect(verdict).toMatchObject({ failures: [], sealed: 1 });
    expect(verdict.proved).toHaveLength(3);
  });
});
