import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { newId } from "@/lib/foundation/ids";
import { newSigningKey } from "@/lib/foundation/secrets";
import { appendEntries } from "@/lib/ledger/append";
import { writeCheckpoint } from "@/lib/ledger/checkpoint";
import { leafBytes } from "@/lib/ledger/entry";
import { writeEvidence } from "@/lib/ledger/evidence-files";
import { commit, hashLeaf } from "@/lib/ledger/hash";
import { inclusionRanges, rootOf } from "@/lib/ledger/merkle";
import { noteSigner } from "@/lib/ledger/note";
import { proveInclusion } from "@/lib/ledger/prove";
import { sequence } from "@/lib/ledger/sequence";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import type { Bundle, BundledEntry } from "@/lib/ledger/verifier";
import { VERIFIER_FILE } from "../verifier-file";
import { type BenchPlace, benchPlace } from "./place";
import { type BenchRow, exponentBetween, type Goal } from "./row";

const SEQUENCED = [20_000, 80_000] as const;
const LOGS = [100_000, 1_000_000] as const;
const BUNDLES = [10_000, 100_000] as const;
const PER_TRANSACTION = 500;
const PROOFS = 200;

const goals: Record<"sequence" | "prove" | "verify", Goal> = {
  sequence: { text: "≥ 5,000 entries/s", valueAtLeast: 5_000 },
  prove: { text: "p99 ≤ 50 ms", valueAtMost: 50 },
  verify: { text: "≤ 60 s", valueAtMost: 60 },
};

interface Measured {
  size: number;
  cost: number;
}

/** The log: single entries written and put in order, proofs from a large log, and a large bundle checked by `verify.mjs`. */
export async function benchLedger(): Promise<BenchRow[]> {
  const place = await benchPlace();
  try {
    return [...(await benchSequence(place)), ...(await benchProofs(place)), ...benchBundles(place)];
  } finally {
    await place.close();
  }
}

/** Reference: the same rows inserted by themselves, without hashes, seals, order and tiles. */
async function benchSequence({ db }: BenchPlace): Promise<BenchRow[]> {
  const measured: (Measured & { reference: number })[] = [];
  for (const size of SEQUENCED) {
    const reference = await seconds(() => bareInserts(db, size));
    const own = await seconds(async () => {
      await writeEntries(db, size);
      await sequence(db);
    });
    measured.push({ size, cost: own, reference });
  }
  return measured.map(({ size, cost, reference }) => ({
    name: "ledger, single entries written and sequenced",
    size,
    value: size / cost,
    unit: "entries/s",
    reference: size / reference,
    ratio: reference / cost,
    goal: goals.sequence,
    exponent: exponentOf(measured, size),
  }));
}

async function writeEntries(db: Db, count: number): Promise<void> {
  const key = randomBytes(32);
  for (let at = 0; at < count; at += PER_TRANSACTION) {
    const entries = Array.from({ length: PER_TRANSACTION }, (_, i) => {
      const ref = newId();
      return {
        lane: i % 64,
        type: "bench.happened",
        ref,
        subject: null,
        by: "system" as const,
        at: new Date(),
        payload: { ref, i },
        key,
      };
    });
    await db.transaction((tx) => appendEntries(tx, entries));
  }
}

async function bareInserts(db: Db, count: number): Promise<void> {
  await db.execute(
    sql`create table bare (lane smallint, id uuid, type text, leaf bytea, recorded_at timestamptz, primary key (lane, id))`,
  );
  const leaf = randomBytes(320);
  for (let at = 0; at < count; at += PER_TRANSACTION) {
    const rows = Array.from({ length: PER_TRANSACTION }, (_, i) => ({ lane: i % 64, id: newId() }));
    await db.execute(sql`
      insert into bare select lane, id, 'bench.happened', leaf, now()
      from unnest(${array(
        rows.map(({ lane }) => lane),
        "smallint",
      )}, ${array(
        rows.map(({ id }) => id),
        "uuid",
      )},
        ${array(
          rows.map(() => leaf),
          "bytea",
        )}) as row (lane, id, leaf)`);
  }
  await db.execute(sql`drop table bare`);
}

/** Grows the log to each size by entries made in the database, whose order and tiles are ours, and proves some of them. */
async function benchProofs({ db, dataDir, secrets }: BenchPlace): Promise<BenchRow[]> {
  const measured: Measured[] = [];
  for (const size of LOGS) {
    const [row] = await db.execute<{ size: string }>(sql`select coalesce(max(idx) + 1, 0) as size from log_sequence`);
    await db.execute(sql`
      with made as (
        insert into log_entries (lane, id, type, leaf, leaf_hash, recorded_at)
        select n % 64, gen_random_uuid(), 'bench.happened', convert_to('leaf ' || n, 'UTF8'), sha256(convert_to(n::text, 'UTF8')), now()
        from generate_series(1, ${size - Number(row?.size ?? 0)}::int) n
        returning lane, id)
      insert into log_pending (lane, entry_id) select lane, id from made`);
    await db.execute(sql`analyze log_pending, log_entries`);
    while ((await sequence(db)).sequenced > 0);
    await signCheckpoint(db, { keys: [secrets.logSigningKey], stateFile: join(dataDir, "log", "last-checkpoint.txt") });
    await db.execute(sql`vacuum analyze`);
    const ids = await db.execute<{ id: string }>(sql`
      select entry_id as id from log_sequence
      where idx = any(${array(
        Array.from({ length: PROOFS }, (_, i) => Math.floor((i * size) / PROOFS)),
        "bigint",
      )})`);
    const times: number[] = [];
    for (const { id } of ids) times.push((await seconds(() => proveInclusion(db, id))) * 1_000);
    times.sort((one, other) => one - other);
    measured.push({ size, cost: times[Math.ceil(times.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY });
  }
  return measured.map(({ size, cost }) => ({
    name: "ledger, inclusion proof of one entry",
    size,
    value: cost,
    unit: "ms p99",
    reference: null,
    ratio: null,
    goal: goals.prove,
    exponent: exponentOf(measured, size),
  }));
}

/** The process that an auditor starts, from its start to its verdict. Reference: SHA-256 over the same bytes. */
function benchBundles({ dataDir }: BenchPlace): BenchRow[] {
  const measured = BUNDLES.map((size) => {
    const path = join(dataDir, `bundle-${size}.zip`);
    const { bytes, vkey } = largeBundle(size);
    writeFileSync(path, bytes);
    const referenceStart = performance.now();
    createHash("sha256").update(bytes).digest();
    const start = performance.now();
    const { status, stdout } = spawnSync(process.execPath, [VERIFIER_FILE, path, "--key", vkey], { encoding: "utf8" });
    const cost = (performance.now() - start) / 1_000;
    rmSync(path);
    if (status !== 0) throw new Error(`The bundle of ${size} entries does not verify:\n${stdout}`);
    return { size, cost, reference: (start - referenceStart) / 1_000 };
  });
  return measured.map(({ size, cost, reference }) => ({
    name: "ledger, bundle verified by verify.mjs",
    size,
    value: cost,
    unit: "s",
    reference,
    ratio: cost / reference,
    goal: goals.verify,
    exponent: exponentOf(measured, size),
  }));
}

function largeBundle(size: number): { bytes: Uint8Array; vkey: string } {
  const origin = "bench.contraste.local/sandbox";
  const signer = noteSigner(origin, newSigningKey());
  const made = Array.from({ length: size }, (_, i) => {
    const [salt, ref] = [randomBytes(32), newId()];
    const payload = { event: ref, contact: newId(), type: "preference_read", at: "2026-11-03T09:00:00.000Z", n: i };
    const head = { log: origin, type: "bench.happened", at: new Date(0), ref, subject: null, by: "system" } as const;
    return { payload, salt, leaf: leafBytes({ ...head, commitment: commit(salt, payload) }) };
  });
  const levels = levelsOf(made.map(({ leaf }) => hashLeaf(leaf)));
  const entries = made.map(
    ({ payload, salt, leaf }, index): BundledEntry => ({
      index,
      leaf: leaf.toString(),
      size,
      proof: inclusionRanges(index, size).map(({ start, end }) => rangeRoot(levels, start, end).toString("base64")),
      opening: { kind: "opened", payload, salt: salt.toString("base64") },
    }),
  );
  const root = rangeRoot(levels, 0, size);
  const bundle: Bundle = {
    format: "contraste-evidence@1",
    origin,
    keys: [signer.verifierKey],
    checkpoints: [writeCheckpoint({ origin, size, root }, [signer])],
    consistency: [],
    entries,
  };
  return { bytes: writeEvidence(bundle, []), vkey: signer.verifierKey };
}

/** Every level of the tree over these leaves, so that a proof costs a look-up a level. */
function levelsOf(leaves: readonly Buffer[]): Buffer[][] {
  const levels = [[...leaves]];
  for (let level = levels[0] ?? []; level.length > 1; level = levels.at(-1) ?? []) {
    levels.push(Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => rootOf(level.slice(i * 2, i * 2 + 2))));
  }
  return levels;
}

/** A range of a proof is one node of the tree: what sticks out at the end rises as it is. */
function rangeRoot(levels: readonly (readonly Buffer[])[], start: number, end: number): Buffer {
  const level = Math.ceil(Math.log2(end - start));
  const hash = levels[level]?.[start / 2 ** level];
  if (!hash) throw new Error(`There is no node over ${start} to ${end}`);
  return hash;
}

function exponentOf(measured: readonly Measured[], size: number): number | null {
  const [small, large] = measured;
  return small && large && size === large.size ? exponentBetween(small, large) : null;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
