import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holds } from "@/lib/foundation/testing/holds";
import { writeCheckpoint } from "./checkpoint";
import { itemLeafHash, itemSalt, leafBytes } from "./entry";
import { commit, hashLeaf } from "./hash";
import { canonicalize } from "./jcs";
import { foldSubtrees, proveConsistencyIn, proveInclusionIn, rootOf, subtreesOf } from "./merkle";
import { noteCosigner, noteSigner } from "./note";
import { originOf } from "./origin";
import { writeTlogProof } from "./tlog-proof";
import {
  canonicalJson,
  decodeBase64,
  encodeBase64,
  includes,
  isConsistent,
  openNote,
  readCheckpoint,
  readCosignature,
  readKey,
  sha256,
  commit as verifierCommit,
} from "./verifier";

// Published vectors of hashes, proofs, notes and canonical JSON run in lib/terminal/vectors.test.ts.

const leaves = Array.from({ length: 600 }, (_, i) => hashLeaf(Buffer.from(String(i))));
const sizes = fc.integer({ min: 1, max: leaves.length });
const places = sizes.chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }));
const flip = (hash: Buffer, bit: number) => {
  const flipped = Buffer.from(hash);
  flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return flipped;
};
const bits = fc.nat(255);

describe("the tree", () => {
  test("every inclusion proof holds, and not for another index, size, leaf, root or proof", async () => {
    await holds(
      "Merkle",
      fc.property(places, bits, fc.nat(20), ({ size, index }, bit, at) => {
        const tree = leaves.slice(0, size);
        const leafHash = tree[index] ?? expect.fail();
        const claim = { index, size, leafHash, root: rootOf(tree), proof: proveInclusionIn(tree, index) };
        expect(includes(claim)).toBe(true);
        expect(includes({ ...claim, index: index + 1 })).toBe(false);
        expect(includes({ ...claim, leafHash: flip(leafHash, bit) })).toBe(false);
        expect(includes({ ...claim, root: flip(claim.root, bit) })).toBe(false);
        expect(includes({ ...claim, proof: [...claim.proof, leafHash] })).toBe(false);
        expect(includes({ ...claim, proof: [...claim.proof, leafHash.subarray(1)] })).toBe(false);
        if (claim.proof.length > 0) {
          const proof = claim.proof.map((hash, i) => (i === at % claim.proof.length ? flip(hash, bit) : hash));
          expect(includes({ ...claim, proof })).toBe(false);
          expect(includes({ ...claim, proof: claim.proof.slice(1) })).toBe(false);
        }
      }),
      { runs: 100, long: 2_500 },
    );
  });

  test("every consistency proof holds, and not when the first tree was another one or one of its leaves was rewritten", async () => {
    await holds(
      "Merkle",
      fc.property(sizes, sizes, bits, fc.nat(600), (one, other, bit, at) => {
        const [size1, size2] = one < other ? [one, other] : [other, one];
        const [root1, root2] = [rootOf(leaves.slice(0, size1)), rootOf(leaves.slice(0, size2))];
        const claim = { size1, size2, root1, root2, proof: proveConsistencyIn(leaves.slice(0, size2), size1) };
        expect(isConsistent(claim)).toBe(true);
        expect(isConsistent({ ...claim, root1: flip(root1, bit) })).toBe(false);
        expect(isConsistent({ ...claim, root2: flip(root2, bit) })).toBe(false);
        expect(isConsistent({ ...claim, proof: [...claim.proof, root1] })).toBe(false);
        expect(isConsistent({ ...claim, size1: 0 })).toBe(false);
        const rewritten = leaves.slice(0, size2).map((leaf, i) => (i === at % size1 ? flip(leaf, bit) : leaf));
        const retold = { root2: rootOf(rewritten), proof: proveConsistencyIn(rewritten, size1) };
        expect(isConsistent({ ...claim, ...retold })).toBe(false);
      }),
      { runs: 100, long: 2_500 },
    );
  });

  test("a root can be folded from the complete subtrees of its range", async () => {
    await holds(
      "Merkle",
      fc.property(sizes, (size) => {
        const hashes = subtreesOf({ start: 0, end: size }).map(({ level, index }) =>
          rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        );
        expect(foldSubtrees(hashes)).toEqual(rootOf(leaves.slice(0, size)));
      }),
      { runs: 100, long: 1_000 },
    );
  });

  test("positions beyond 2^32 are judged, not wrapped round", () => {
    const [leafHash, root] = [leaves[0] ?? expect.fail(), leaves[1] ?? expect.fail()];
    expect(includes({ index: 2 ** 32, size: 1, leafHash, root: leafHash, proof: [] })).toBe(false);
    expect(isConsistent({ size1: 2 ** 33, size2: 2 ** 33, root1: root, root2: root, proof: [] })).toBe(true);
    expect(includes({ index: 2 ** 53, size: 2 ** 54, leafHash, root, proof: [] })).toBe(false);
  });
});

describe("hashing and base64 of the verifier, which imports nothing", () => {
  test("SHA-256 and HMAC are the platform's, at every length around the edges of a block and for any bytes", () => {
    const same = (bytes: Uint8Array) => {
      expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
    };
    for (let length = 0; length < 200; length += 1) same(Buffer.alloc(length, length));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), same));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.string(), (salt, payload) => {
        expect(Buffer.from(verifierCommit(salt, payload))).toEqual(commit(Buffer.from(salt), payload));
      }),
    );
  });

  test("base64 is read and written as the platform does, and no other spelling of the same bytes is taken", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.string({ maxLength: 12 }), (bytes, text) => {
        const encoded = Buffer.from(bytes).toString("base64");
        expect(encodeBase64(bytes)).toBe(encoded);
        expect(decodeBase64(encoded)).toEqual(bytes);
        const isCanonical = Buffer.from(text, "base64").toString("base64") === text;
        expect(decodeBase64(text) !== undefined).toBe(isCanonical);
      }),
    );
    for (const spelling of ["QQ", "QR==", "QQ=", "QQ==\n", "QQ-_", "===="])
      expect(decodeBase64(spelling)).toBeUndefined();
  });
});

describe("leaves and commitments", () => {
  test("the writer of leaves and the verifier agree on canonical JSON, for any value", async () => {
    const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)));
    const write = (run: () => string) => {
      try {
        return run();
      } catch {
        return "refused";
      }
    };
    await holds(
      "JCS",
      fc.property(json, (value) => {
        expect(write(() => canonicalJson(value))).toBe(write(() => canonicalize(value)));
      }),
      { runs: 100, long: 5_000 },
    );
  });

  test("canonical JSON is read as what was written, written again the same, and the same in whatever order its members came", async () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, member]) => [key, turned(member)]),
      );
    };
    await holds(
      "JCS",
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), (value) => {
        const plain = JSON.stringify(value);
        const text = canonicalJson(JSON.parse(plain));
        expect(JSON.parse(text)).toEqual(JSON.parse(plain));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(JSON.parse(JSON.stringify(turned(JSON.parse(plain)))))).toBe(text);
      }),
      { runs: 300, long: 5_000 },
    );
  });

  test("a leaf is the canonical envelope of the specification", () => {
    const commitment = Buffer.alloc(32, 7);
    const envelope = {
      type: "consent.granted",
      at: new Date(0),
      ref: "r",
      subject: null,
      by: "contact",
      commitment,
    } as const;
    expect(leafBytes({ log: "acme/live", ...envelope }).toString()).toBe(
      `{"at":"1970-01-01T00:00:00.000Z","by":"contact","c":"${commitment.toString("base64")}","log":"acme/live","ref":"r","subj":null,"type":"consent.granted","v":1}`,
    );
  });

  test("the same payload under another person's key, or in another row, has another leaf", () => {
    const [one, other] = [randomBytes(32), randomBytes(32)];
    const payload = { wamid: "wamid.1" };
    const leaf = itemLeafHash(itemSalt(one, "row"), payload);
    expect(leaf).toEqual(hashLeaf(commit(itemSalt(one, "row"), payload)));
    expect(leaf.equals(itemLeafHash(itemSalt(other, "row"), payload))).toBe(false);
    expect(leaf.equals(itemLeafHash(itemSalt(one, "row 2"), payload))).toBe(false);
  });
});

describe("checkpoints", () => {
  const signer = noteSigner("acme/live", generateKeyPairSync("ed25519").privateKey);
  const root = rootOf(leaves);
  const note = writeCheckpoint({ origin: "acme/live", size: 600, root }, [signer]);

  test("a signed checkpoint reads back as it was written", async () => {
    const key = readKey(signer.verifierKey) ?? expect.fail();
    const opened = await openNote(Buffer.from(note), [key]);
    const checkpoint = opened.kind === "verified" ? readCheckpoint(opened.text) : undefined;
    expect(checkpoint && { ...checkpoint, root: Buffer.from(checkpoint.root) }).toEqual({
      origin: "acme/live",
      size: 600,
      root,
    });
  });

  test("any changed byte of a checkpoint is found", async () => {
    const key = readKey(signer.verifierKey) ?? expect.fail();
    const bytes = Buffer.from(note);
    for (let i = 0; i < bytes.length; i += 1) {
      expect((await openNote(flip(bytes, i * 8 + (i % 8)), [key])).kind).not.toBe("verified");
    }
  });

  test("a witness' cosignature says when it saw the checkpoint; another time, text or witness does not hold", async () => {
    const witness = noteCosigner("witness.example", generateKeyPairSync("ed25519").privateKey);
    const [key, log] = [readKey(witness.verifierKey) ?? expect.fail(), readKey(signer.verifierKey) ?? expect.fail()];
    const text = note.slice(0, note.indexOf("\n\n") + 1);
    const line = witness.cosignatureLine(text, new Date("2026-11-03T09:00:00.900Z"));
    expect(await readCosignature(line.trimEnd(), text, key)).toBe(Date.parse("2026-11-03T09:00:00Z") / 1_000);
    const opened = await openNote(Buffer.from(note + line), [log, key]);
    expect(opened).toMatchObject({ kind: "verified", signers: ["acme/live"], unknownSignatures: 0 });
    expect(opened.kind === "verified" && opened.cosignatures).toEqual([
      { witness: expect.stringMatching(/^witness\.example\+[0-9a-f]{8}$/), seconds: 1_793_696_400 },
    ]);
    expect(await openNote(Buffer.from(text.slice(0, -1) + note.slice(text.length - 1) + line), [key])).toEqual({
      kind: "unverified",
    });
    expect(await readCosignature(line.trimEnd(), text.replace("600", "601"), key)).toBeUndefined();
    const bytes = Buffer.from(line.trimEnd().split(" ").at(-1) ?? "", "base64");
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const changed = `\u2014 witness.example ${flip(bytes, bit).toString("base64")}`;
      expect(await readCosignature(changed, text, key)).toBeUndefined();
    }
  });

  test("extension lines, padded sizes and short roots are no checkpoint of ours", () => {
    const good = `acme/live\n600\n${root.toString("base64")}\n`;
    expect(readCheckpoint(good)).toBeDefined();
    for (const bad of [
      `${good}more\n`,
      good.replace("600", "0600"),
      good.replace("600", "-1"),
      good.slice(0, -5),
      "",
      `\n${good}`,
    ]) {
      expect(readCheckpoint(bad)).toBeUndefined();
    }
  });

  test("an instance's name becomes a key name without spaces or plus signs", () => {
    expect(originOf("Café + Más", "sandbox")).toBe("Café-Más/sandbox");
    expect(() => noteSigner("two words", generateKeyPairSync("ed25519").privateKey)).toThrow();
  });

  test("a proof file has the lines of C2SP tlog-proof", () => {
    const proof = proveInclusionIn(leaves, 3).map((hash) => hash.toString("base64"));
    const lines = writeTlogProof({ index: 3, proof, checkpoint: note, opening: { payload: 1, salt: "cw==" } }).split(
      "\n",
    );
    expect(lines[0]).toBe("c2sp.org/tlog-proof@v1");
    expect(Buffer.from(lines[1]?.replace("extra ", "") ?? "", "base64").toString()).toBe('{"payload":1,"salt":"cw=="}');
    expect(lines[2]).toBe("index 3");
    expect(lines.slice(3, 3 + proof.length)).toEqual(proof);
    expect(lines.slice(3 + proof.length).join("\n")).toBe(`\n${note}`);
  });
});
