import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { createApiKey } from "@/lib/identity/commands/create-api-key";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendEntries } from "@/lib/ledger/append";
import { hashLeaf } from "@/lib/ledger/hash";
import { rootOf } from "@/lib/ledger/merkle";
import { noteSigner } from "@/lib/ledger/note";
import { logOrigin } from "@/lib/ledger/origin";
import { sequence } from "@/lib/ledger/sequence";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import { tileCoverage, tilePath } from "@/lib/ledger/tiles";
import { openNote, readCheckpoint, readKey } from "@/lib/ledger/verifier";
import { createIngress } from "./server";

let t: TestDatabase;
let folder: string;
let token: string;
let server: ReturnType<typeof createIngress>;

beforeAll(async () => {
  t = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "audit-log-"));
  server = createIngress({
    context: async () => t.context(systemActor("ingress"), { db: t.as("ingress") }),
    ready: async () => true,
  });
  const terminal = t.context(systemActor("terminal"));
  ({ token } = await createApiKey(terminal, { name: "auditor", scopes: ["ledger.read"], days: 1 }));
  const head = { lane: 0, subject: null, by: "system", at: new Date(), type: "test.happened" } as const;
  const key = installationKey(t.secrets.keyEncryptionKey);
  await appendEntries(
    t.db,
    Array.from({ length: 600 }, (_, i) => ({ ...head, ref: newId(), payload: i, key })),
  );
  await sequence(t.db);
  await signCheckpoint(t.db, { keys: [t.secrets.logSigningKey], stateFile: join(folder, "checkpoint") });
});
afterAll(async () => {
  await server.close();
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, bearer = token) =>
  server.inject({ url: `/audit/log/${path}`, headers: bearer === "" ? {} : { authorization: `Bearer ${bearer}` } });

async function tile(level: number | "entries", n: number, width: number): Promise<Buffer> {
  const answer = await get(tilePath(level, n, width < 256 ? width : undefined));
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["cache-control"]).toContain("immutable");
  return answer.rawPayload;
}

test("whoever has a key reads every leaf and tile, and comes to the signed root without us", async () => {
  const note = await get("checkpoint");
  const vkey = noteSigner(await logOrigin(t.db), t.secrets.logSigningKey).verifierKey;
  const opened = await openNote(note.rawPayload, [readKey(vkey) ?? expect.fail()]);
  const checkpoint = opened.kind === "verified" ? readCheckpoint(opened.text) : undefined;
  const { size, root } = checkpoint ?? expect.fail("no checkpoint");
  const leaves: Buffer[] = [];
  const [bottom] = tileCoverage(size);
  for (let n = 0; n * 256 < size; n += 1) {
    const width = Math.min(256, size - n * 256);
    const hashes: Buffer[] = [];
    for (let bytes = await tile("entries", n, width); bytes.length > 0; ) {
      const end = 2 + bytes.readUInt16BE();
      hashes.push(hashLeaf(bytes.subarray(2, end)));
      bytes = bytes.subarray(end);
    }
    expect(await tile(0, n, width)).toEqual(Buffer.concat(hashes));
    leaves.push(...hashes);
  }
  expect(leaves).toHaveLength(size);
  expect(rootOf(leaves)).toEqual(Buffer.from(root));
  const full = bottom?.fullTiles ?? 0;
  const roots = Array.from({ length: full }, (_, n) => rootOf(leaves.slice(n * 256, (n + 1) * 256)));
  expect(await tile(1, 0, full)).toEqual(Buffer.concat(roots));
});

test("without a key, with another scope, and for what does not exist, the answer says so and nothing else", async () => {
  const terminal = t.context(systemActor("terminal"));
  const other = await createApiKey(terminal, { name: "shop", scopes: ["conversion.write"], days: 1 });
  expect((await get("checkpoint", "")).statusCode).toBe(401);
  expect((await get("tile/0/000", "wk_x_y_z")).statusCode).toBe(401);
  expect((await get("checkpoint", other.token)).statusCode).toBe(403);
  for (const path of [
    "tile/0/003",
    "tile/1/000",
    "tile/0/002.p/256",
    "tile/0/002.p/0",
    "tile/0/000.p/",
    "tile/0/0",
    "tile/0/x000/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/entries/x001/000",
    "tile/entries/000%20",
    "tile/",
    "other",
  ]) {
    expect((await get(path)).statusCode, path).toBe(404);
  }
});
