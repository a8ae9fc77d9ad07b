import { spawnSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeCheckpoint } from "@/lib/ledger/checkpoint";
import { leafBytes } from "@/lib/ledger/entry";
import { writeEvidence } from "@/lib/ledger/evidence-files";
import { commit, hashLeaf } from "@/lib/ledger/hash";
import { proveInclusionIn, rootOf } from "@/lib/ledger/merkle";
import { noteCosigner, noteSigner } from "@/lib/ledger/note";
import type { Bundle, Json } from "@/lib/ledger/verifier";
import { VERIFIER_FILE, verifierFile } from "./verifier-file";

const ORIGIN = "acme/sandbox";
const signer = noteSigner(ORIGIN, generateKeyPairSync("ed25519").privateKey);
const folder = mkdtempSync(join(tmpdir(), "verify-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [purpose, person, granted, withdrawn, attempt] = [1, 2, 3, 4, 5].map(
  (n) => `0190a000-0000-7000-8000-00000000000${n}`,
);
const event = (id: string | undefined, type: string, at: string): Json => ({
  event: id ?? "",
  contact: person ?? "",
  type,
  purpose: purpose ?? "",
  scope: "purpose",
  wordingVersion: null,
  class: "A",
  complete: true,
  occurredAt: at,
  recordedAt: at,
});
const created: Json = {
  type: "purpose.created",
  data: { id: purpose ?? "", category: "MARKETING", doubleOptIn: false, pendingHours: 168, validityDays: 730 },
};
const grant = event(granted, "granted", "2026-11-01T09:00:00.000Z");
const stop = event(withdrawn, "withdrawn", "2026-11-02T09:00:00.000Z");
const send = (at: string): Json => ({
  attempt: attempt ?? "",
  basis: "consent",
  checks: 0b1111_1111_1111,
  notEvaluated: 0,
  basisEvent: granted ?? "",
  authorisedAt: at,
});

/** A log of these payloads, one entry each, as a bundle. */
function bundleOf(payloads: readonly Json[]): Bundle {
  const entries = payloads.map((payload, i) => {
    const salt = randomBytes(32);
    const envelope = { type: "test.happened", at: new Date(0), ref: String(i), subject: null, by: "system" } as const;
    return { payload, salt, leaf: leafBytes({ log: ORIGIN, ...envelope, commitment: commit(salt, payload) }) };
  });
  const hashes = entries.map((entry) => hashLeaf(entry.leaf));
  return {
    format: "contraste-evidence@1",
    origin: ORIGIN,
    keys: [signer.verifierKey],
    checkpoints: [writeCheckpoint({ origin: ORIGIN, size: hashes.length, root: rootOf(hashes) }, [signer])],
    consistency: [],
    entries: entries.map(({ payload, salt, leaf }, index) => ({
      index,
      leaf: leaf.toString(),
      size: hashes.length,
      proof: proveInclusionIn(hashes, index).map((hash) => hash.toString("base64")),
      opening: { kind: "opened", payload, salt: salt.toString("base64") },
    })),
  };
}

/** As somebody without the project checks it: with the one file that is inside every bundle. */
function verify(content: string | Uint8Array, ...options: string[]): { status: number | null; output: string } {
  const path = join(folder, "bundle");
  writeFileSync(path, content);
  const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFIER_FILE, path, ...options], {
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

const archive = (bundle: Bundle) => Buffer.from(writeEvidence(bundle, []));

test("the one-file verifier is what its sources give (npm run verifier), and uses nothing but Node", () => {
  const made = verifierFile();
  expect(readFileSync(VERIFIER_FILE, "utf8")).toBe(made);
  expect([...made.matchAll(/from "(.+)"/g)].map(([, from]) => from)).toEqual(["node:fs", "node:util"]);
});

test("a send whose consent stood when the gate decided passes: exit 0", () => {
  const bundle = bundleOf([created, grant, send("2026-11-01T10:00:00.000Z"), stop]);
  const { status, output } = verify(JSON.stringify(bundle), "--key", signer.verifierKey);
  expect(output).toContain("1 send(s) with a consent that stood");
  expect(status).toBe(0);
});

test("a send after the withdrawal fails, although every proof holds: exit 1", () => {
  const { status, output } = verify(JSON.stringify(bundleOf([created, grant, stop, send("2026-11-03T10:00:00.000Z")])));
  expect(output).toContain(`FAILED attempt ${attempt}: no consent stood`);
  expect(status).toBe(1);
});

test("without --key the bundle's own key is named, for comparing", () => {
  const { status, output } = verify(JSON.stringify(bundleOf([created])));
  expect(output).toContain(signer.verifierKey);
  expect(status).toBe(0);
});

test("another key, or a changed payload, fails and names the event: exit 1", () => {
  const bundle = bundleOf([created, grant]);
  const stranger = noteSigner(ORIGIN, generateKeyPairSync("ed25519").privateKey).verifierKey;
  expect(verify(JSON.stringify(bundle), "--key", stranger).status).toBe(1);
  const changed = JSON.stringify(bundle).replace('"complete":true', '"complete":false');
  expect(verify(changed).output).toContain(
    "FAILED entry 1 (test.happened 1): the payload is not what was committed to",
  );
  expect(verify(archive(bundle)).status).toBe(0);
  expect(verify(archive(JSON.parse(changed))).status).toBe(1);
});

test("a bundle with a changed key or a part that cannot be read any more is a bundle that fails: exit 1, not 2", () => {
  const text = JSON.stringify(bundleOf([created]));
  expect(verify(text.replace('"checkpoints"', '"checkpoonts"')).status).toBe(1);
  expect(verify(text.replace("contraste-evidence@1", "contraste-evidence@7")).status).toBe(1);
  const zip = archive(bundleOf([created]));
  const at = zip.indexOf('"leaf"');
  zip[at + 1] = 0x4c;
  expect(verify(zip)).toMatchObject({ status: 1, output: expect.stringContaining("cannot be read") });
});

test("a witness' word is checked, shown and can be demanded", () => {
  const witness = noteCosigner("witness.example", generateKeyPairSync("ed25519").privateKey);
  const bundle = bundleOf([created]);
  const [note = ""] = bundle.checkpoints;
  const line = witness.cosignatureLine(note.slice(0, note.indexOf("\n\n") + 1), new Date("2026-11-03T09:00:00Z"));
  const seen = { ...bundle, checkpoints: [note + line], keys: [...bundle.keys, witness.verifierKey] };
  const keys = ["--key", signer.verifierKey, "--key", witness.verifierKey];
  const { status, output } = verify(archive(seen), ...keys, "--witnesses", "1");
  expect(output).toContain("saw 1 entries at 2026-11-03T09:00:00.000Z");
  expect(status).toBe(0);
  expect(verify(archive(bundle), ...keys, "--witnesses", "1").output).toContain("0 of 1 witnesses");
  expect(verify(archive(seen), "--key", signer.verifierKey, "--witnesses", "1").status).toBe(1); // not one that we trust
});

test("what is not a bundle cannot be read: exit 2", () => {
  expect(verify("{}").status).toBe(2);
  expect(verify("not json").status).toBe(2);
  expect(verify(Buffer.from("PK\u0003\u0004 cut off")).status).toBe(2);
  expect(verify("{}", "--unknown").output).toContain("Usage");
});
