import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendEntry } from "@/lib/ledger/append";
import { askWitness } from "@/lib/ledger/ask-witness";
import { writeCheckpoint } from "@/lib/ledger/checkpoint";
import { cosignedNote, lastSights, storeCosignature, witnessKeysOf } from "@/lib/ledger/cosignatures";
import { hashLeaf } from "@/lib/ledger/hash";
import { proveConsistencyIn, rootOf } from "@/lib/ledger/merkle";
import { noteSigner } from "@/lib/ledger/note";
import { logOrigin } from "@/lib/ledger/origin";
import { latestCheckpoint, type SignedCheckpoint } from "@/lib/ledger/prove";
import { sequence } from "@/lib/ledger/sequence";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import { openNote, readKey } from "@/lib/ledger/verifier";
import { type RunningWitness, startWitness } from "./witness-process";

let database: TestDatabase;
let folder: string;
let witness: RunningWitness;
let vkey: string;
const said: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "witness-"));
  vkey = noteSigner(await logOrigin(database.db), database.secrets.logSigningKey).verifierKey;
  witness = await start();
});
afterAll(async () => {
  await witness.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const start = () =>
  startWitness({
    name: "witness.example",
    logs: [vkey],
    dir: join(folder, "witness"),
    host: "127.0.0.1",
    port: 0,
    say: (line, isAlarm) => isAlarm && said.push(line),
  });

async function grow(entries: number): Promise<SignedCheckpoint> {
  for (let i = 0; i < entries; i += 1) {
    await appendEntry(database.db, {
      lane: 0,
      type: "test.happened",
      ref: newId(),
      subject: null,
      by: "system",
      at: new Date(),
      payload: { i },
      key: installationKey(database.secrets.keyEncryptionKey),
    });
  }
  await sequence(database.db);
  await signCheckpoint(database.db, { keys: [database.secrets.logSigningKey], stateFile: join(folder, "checkpoint") });
  return (await latestCheckpoint(database.db)) ?? expect.fail("nothing signed");
}

const ask = (checkpoint: SignedCheckpoint, knownSize: number) =>
  askWitness(database.as("worker"), { url: witness.url, verifierKey: witness.verifierKey }, { checkpoint, knownSize });

async function cosigned(checkpoint: SignedCheckpoint, knownSize: number) {
  const reply = await ask(checkpoint, knownSize);
  return reply.kind === "cosigned" ? reply : expect.fail(JSON.stringify(reply));
}

test("a witness cosigns what only grew, is asked from where it stopped, and its word stands in the checkpoint", async () => {
  const first = await grow(3);
  await cosigned(first, 0);
  const second = await grow(300);
  const reply = await cosigned(second, 0); // we forgot what it knows: it says so, and is asked again
  await storeCosignature(database.as("worker"), { size: second.size, verifierKey: witness.verifierKey, ...reply });
  const keys = [vkey, ...(await witnessKeysOf(database.db, [second.size]))]
    .map(readKey)
    .filter((key) => key !== undefined);
  const opened = await openNote(Buffer.from(await cosignedNote(database.db, second.size)), keys);
  expect(opened).toMatchObject({ kind: "verified", unknownSignatures: 0, cosignatures: [expect.anything()] });
  expect(await lastSights(database.db)).toMatchObject([{ verifierKey: witness.verifierKey, size: second.size }]);
  await cosigned(second, second.size); // the same again: no harm
  expect((await stat(join(folder, "witness", "witness-key.pem"))).mode & 0o777).toBe(0o600);
});

test("a cosignature is never changed nor taken back by the worker", async () => {
  await expect(database.as("worker").execute(sql`update log_cosignatures set line = ''`)).rejects.toThrow();
  await expect(database.as("worker").execute(sql`delete from log_cosignatures`)).rejects.toThrow();
});

test("another history, a shorter log and an altered root are refused and cried out, also after a restart", async () => {
  const newest = await grow(1);
  await cosigned(newest, newest.size - 1);
  await witness.close();
  witness = await start();
  const signer = noteSigner(await logOrigin(database.db), database.secrets.logSigningKey);
  const other = Array.from({ length: newest.size + 5 }, (_, i) => hashLeaf(Buffer.from(`another ${i}`)));
  const signed = (size: number) => {
    const root = rootOf(other.slice(0, size));
    return { size, root, note: writeCheckpoint({ origin: signer.name, size, root }, [signer]), signedAt: new Date() };
  };
  expect(await ask(signed(newest.size), newest.size)).toMatchObject({ kind: "refused" });
  expect(await ask(signed(newest.size - 2), newest.size - 2)).toMatchObject({ kind: "refused" });
  const proof = proveConsistencyIn(other, newest.size).map((hash) => hash.toString("base64"));
  const posted = await fetch(`${witness.url}/add-checkpoint`, {
    method: "POST",
    body: [`old ${newest.size}`, ...proof, "", signed(other.length).note].join("\n"),
  });
  expect(posted.status).toBe(422);
  expect(said).toEqual([expect.stringContaining("two different logs"), expect.stringContaining("no continuation")]);
  await cosigned(await grow(1), newest.size); // and the true log is still cosigned
});

test("what is not a log of its own, not signed, or makes no sense has an answer of its own", async () => {
  const post = async (body: string) => (await fetch(`${witness.url}/add-checkpoint`, { method: "POST", body })).status;
  const stranger = noteSigner("stranger/live", generateKeyPairSync("ed25519").privateKey);
  const root = hashLeaf(Buffer.from("x"));
  expect(await post(`old 0\n\n${writeCheckpoint({ origin: "stranger/live", size: 1, root }, [stranger])}`)).toBe(404);
  const forger = noteSigner(await logOrigin(database.db), generateKeyPairSync("ed25519").privateKey);
  const { size, note } = (await latestCheckpoint(database.db)) ?? expect.fail("none");
  expect(await post(`old ${size}\n\n${writeCheckpoint({ origin: forger.name, size, root }, [forger])}`)).toBe(403);
  expect(await post(`old ${size + 1}\n\n${note}`)).toBe(400);
  expect(await post("nonsense")).toBe(400);
  expect((await fetch(witness.url)).status).toBe(404);
});

test("a memory that was altered signs nothing", async () => {
  const files = await import("node:fs/promises").then((fs) => fs.readdir(join(folder, "witness")));
  const path = join(folder, "witness", files.find((name) => name.endsWith(".json")) ?? "");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/"root":"../, '"root":"!!'));
  const checkpoint = (await latestCheckpoint(database.db)) ?? expect.fail("none");
  expect(await ask(checkpoint, checkpoint.size)).toMatchObject({ kind: "unreachable" });
  await writeFile(path, text);
});
