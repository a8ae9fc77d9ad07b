import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { audit } from "@/lib/identity/audit";
import { transaction } from "@/lib/identity/context";
import { noteCosigner } from "@/lib/ledger/note";
import { sequence } from "@/lib/ledger/sequence";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import { listNotices } from "@/lib/notices/queries/list-notices";
import { askWitnesses } from "./commands/ask-witnesses";

let t: TestDatabase;
let folder: string;
let answer: (note: string) => { status: number; body: string };
const cosigner = noteCosigner("witness.example", generateKeyPairSync("ed25519").privateKey);
const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts).toString();
  const { status, body } = answer(text.slice(text.indexOf("\n\n") + 2));
  response.writeHead(status).end(body);
});
const signs = (note: string) => ({
  status: 200,
  body: cosigner.cosignatureLine(note.slice(0, note.indexOf("\n\n") + 1), new Date()),
});

beforeAll(async () => {
  t = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "ask-witnesses-"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

const worker = () => t.context(undefined, { db: t.as("worker") });
const officer = () => t.context({ kind: "user", userId: crypto.randomUUID(), roles: ["compliance"], sessionId: null });

async function signed(): Promise<void> {
  await transaction(worker(), async (tx) => void (await audit(tx, "test.happened", {})));
  await sequence(t.db);
  await signCheckpoint(t.db, { keys: [t.secrets.logSigningKey], stateFile: join(folder, "checkpoint") });
}

function round() {
  const { port } = server.address() as AddressInfo; // it listens
  const url = `http://127.0.0.1:${port}`;
  return askWitnesses(worker(), { addresses: [{ url, verifierKey: cosigner.verifierKey }], quorum: 1 });
}

const open = async () =>
  (await listNotices(officer())).filter(({ resolvedAt }) => resolvedAt === null).map(({ kind }) => kind);
const failures = () => t.db.execute(sql`select 1 from audit_events where type = 'witness.failed'`);

test("a cosignature is kept once, and only one that holds", async () => {
  await signed();
  answer = () => ({ status: 200, body: "\u2014 witness.example AAAA\n" });
  await round();
  expect(await t.db.execute(sql`select 1 from log_cosignatures`)).toHaveLength(0);
  answer = signs;
  await round();
  answer = () => expect.fail("asked again about what it cosigned");
  await round();
  expect(await t.db.execute(sql`select 1 from log_cosignatures`)).toHaveLength(1);
});

test("a refusal is told at once and logged once, however often it is met, and ends when the witness signs again", async () => {
  await signed();
  answer = () => ({ status: 422, body: "the proof does not show that the log only grew\n" });
  await round();
  await round();
  expect(await open()).toEqual(["witness_refused"]);
  expect(await failures()).toHaveLength(1);
  answer = signs;
  await round();
  expect(await open()).toEqual([]);
});

test("too few witnesses are told when the checkpoint has waited for them, not before", async () => {
  await signed();
  answer = () => ({ status: 500, body: "" });
  await round();
  expect(await open()).toEqual([]);
  await t.db.execute(sql`update log_checkpoints set signed_at = signed_at - interval '11 minutes'`);
  await round();
  expect(await open()).toEqual(["witness_missing"]);
  answer = signs;
  await round();
  expect(await open()).toEqual([]);
});
