import { createHash, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { writeCheckpoint } from "@/lib/ledger/checkpoint";
import { itemLeafHash, itemSalt, leafBytes } from "@/lib/ledger/entry";
import { writeEvidence } from "@/lib/ledger/evidence-files";
import { commit, hashLeaf } from "@/lib/ledger/hash";
import { proveConsistencyIn, proveInclusionIn, rootOf } from "@/lib/ledger/merkle";
import { noteCosigner, noteSigner } from "@/lib/ledger/note";
import type { Bundle, BundledEntry, Json, Opening } from "@/lib/ledger/verifier";
import { verifyEvidence } from "./verify-evidence";

// P6 of the compliance specification: every single change of a bundle is found, and a clean one raises no alarm.

const MUTATIONS = process.env.LONG ? 8_000 : 500;
const CLEAN = process.env.LONG ? 1_000 : 60;
const ORIGIN = "acme/sandbox";
const signer = noteSigner(ORIGIN, generateKeyPairSync("ed25519").privateKey);
const witness = noteCosigner("witness.example", generateKeyPairSync("ed25519").privateKey);
const KEYS = [signer.verifierKey, witness.verifierKey];

/** The same numbers for the same seed, from 0 to below `below`. */
function chance(seed: string): (below: number) => number {
  let n = 0;
  return (below) => createHash("sha256").update(`${seed} ${n++}`).digest().readUInt32BE() % below;
}

const text = (seed: string) => createHash("sha256").update(seed).digest("hex");
const base64 = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString("base64"));

/** A log of some shape, and a bundle about some of its entries. */
function bundleOf(seed: string): Bundle {
  const pick = chance(seed);
  const all = Array.from({ length: 1 + pick(40) }, (_, i) => entryOf(`${seed} ${i}`, pick));
  const hashes = all.map(({ leaf }) => hashLeaf(leaf));
  const size = hashes.length;
  const sizes = size > 1 && pick(2) === 1 ? [1 + pick(size - 1), size] : [size];
  const shown = all.map((entry, index) => ({ ...entry, index })).filter(() => pick(3) > 0);
  return {
    format: "contraste-evidence@1",
    origin: ORIGIN,
    keys: KEYS,
    checkpoints: sizes.map((one) => noteOf(hashes.slice(0, one), pick(2) === 1)),
    consistency: sizes.slice(1).map(() => base64(proveConsistencyIn(hashes, sizes[0] ?? 1))),
    entries: shown.map(
      ({ leaf, opened, index }): BundledEntry => ({
        index,
        leaf: leaf.toString(),
        size,
        proof: base64(proveInclusionIn(hashes, index)),
        ...opened,
      }),
    ),
  };
}

function noteOf(hashes: readonly Buffer[], isSeen: boolean): string {
  const note = writeCheckpoint({ origin: ORIGIN, size: hashes.length, root: rootOf(hashes) }, [signer]);
  if (!isSeen) return note;
  return note + witness.cosignatureLine(note.slice(0, note.indexOf("\n\n") + 1), new Date(1_800_000_000_000));
}

function entryOf(seed: string, pick: (below: number) => number): { leaf: Buffer; opened: Partial<BundledEntry> } {
  const head = {
    log: ORIGIN,
    type: "test.happened",
    at: new Date(pick(2 ** 31)),
    ref: text(seed),
    by: "system",
  } as const;
  const payload: Json = { id: text(seed), "ñ ": [1.5, null, "“"], at: pick(1_000) };
  if (pick(2) === 0) {
    const salt = createHash("sha256").update(`salt ${seed}`).digest();
    const leaf = leafBytes({ ...head, subject: null, commitment: commit(salt, payload) });
    const sealed = pick(4) === 0;
    const opening: Opening = sealed ? { kind: "sealed" } : { kind: "opened", payload, salt: salt.toString("base64") };
    return { leaf, opened: { opening } };
  }
  const key = createHash("sha256").update(`key ${seed}`).digest();
  const payloads = Array.from({ length: 1 + pick(9) }, (_, i) => ({ ...payload, i }));
  const salts = payloads.map((_, i) => itemSalt(key, `${i}`));
  const hashes = payloads.map((one, i) => itemLeafHash(salts[i] ?? key, one));
  const items = payloads.map((one, position) => ({
    position,
    size: hashes.length,
    leafHash: (hashes[position] ?? key).toString("base64"),
    proof: base64(proveInclusionIn(hashes, position)),
    opening: { kind: "opened", payload: one, salt: (salts[position] ?? key).toString("base64") } as const,
  }));
  return { leaf: leafBytes({ ...head, subject: text(`who ${seed}`), commitment: rootOf(hashes) }), opened: { items } };
}

function archiveOf(seed: string): Buffer {
  return Buffer.from(writeEvidence(bundleOf(seed), [{ path: "report.html", bytes: Buffer.from(`<p>${seed}</p>`) }]));
}

/** One change of these bytes: a bit, a byte taken out or put in, two bytes swapped, a piece doubled, the end cut off. */
function change(bytes: Buffer, pick: (below: number) => number): { how: string; bytes: Buffer } {
  const [at, other] = [pick(bytes.length), pick(bytes.length)];
  const changed = Buffer.from(bytes);
  switch (pick(6)) {
    case 0:
      return { how: `byte ${at} removed`, bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]) };
    case 1:
      return {
        how: `a byte inserted at ${at}`,
        bytes: Buffer.concat([bytes.subarray(0, at), Buffer.of(pick(256)), bytes.subarray(at)]),
      };
    case 2:
      changed[at] = bytes[other] ?? 0;
      changed[other] = bytes[at] ?? 0;
      return { how: `bytes ${at} and ${other} swapped`, bytes: changed };
    case 3:
      return { how: `cut off at ${at}`, bytes: bytes.subarray(0, at) };
    case 4:
      return { how: `doubled from ${at}`, bytes: Buffer.concat([bytes, bytes.subarray(at)]) };
    default:
      changed[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
      return { how: `a bit of byte ${at} flipped`, bytes: changed };
  }
}

test(`none of ${CLEAN} clean bundles raises an alarm`, async () => {
  for (let n = 0; n < CLEAN; n += 1) {
    const found = await verifyEvidence(archiveOf(`clean ${n}`), { keys: KEYS });
    expect(found, `seed "clean ${n}"`).toMatchObject({ kind: "verdict", failures: [] });
  }
});

test(`every one of ${MUTATIONS} single changes of a bundle is found, never as a crash`, async () => {
  const bundles = Array.from({ length: 20 }, (_, n) => archiveOf(`changed ${n}`));
  for (let n = 0; n < MUTATIONS; n += 1) {
    const pick = chance(`change ${n}`);
    const original = bundles[n % bundles.length] ?? expect.fail();
    const { how, bytes } = change(original, pick);
    if (bytes.equals(original)) continue; // two equal bytes were swapped
    const found = await verifyEvidence(bytes, { keys: KEYS });
    const holds = found.kind === "verdict" && found.failures.length === 0;
    expect(holds, `seed "changed ${n % bundles.length}", "change ${n}": ${how}`).toBe(false);
  }
});

test("entries swapped, left out, doubled or taken from another log are found when the manifest is made anew", async () => {
  const bundle = bundleOf("whole");
  const holds = async (changed: Bundle) => {
    const found = await verifyEvidence(writeEvidence(changed, []), { keys: KEYS });
    return found.kind === "verdict" && found.failures.length === 0;
  };
  expect(await holds(bundle)).toBe(true);
  const [first, second, ...rest] = bundle.entries;
  if (!first || !second) expect.fail("the seed gives more entries");
  const other = bundleOf("stranger").entries.slice(0, 1);
  expect(await holds({ ...bundle, entries: [{ ...first, index: second.index }, second, ...rest] })).toBe(false);
  expect(
    await holds({ ...bundle, entries: [{ ...first, leaf: second.leaf }, { ...second, leaf: first.leaf }, ...rest] }),
  ).toBe(false);
  expect(await holds({ ...bundle, entries: [first, first, second, ...rest] })).toBe(false);
  expect(await holds({ ...bundle, entries: [...bundle.entries, ...other] })).toBe(false);
  expect(await holds({ ...bundle, origin: "acme/live" })).toBe(false);
  expect(await holds({ ...bundle, checkpoints: [] })).toBe(false);
  expect(await holds({ ...bundle, keys: [...bundle.keys, "nobody+00000000+AAAA"] })).toBe(false);
});
