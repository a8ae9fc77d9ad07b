import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadSecrets, newSigningKey } from "@/lib/foundation/secrets";
import { writeCheckpoint } from "@/lib/ledger/checkpoint";
import { hashLeaf } from "@/lib/ledger/hash";
import { noteSigner } from "@/lib/ledger/note";
import { readCosignature, readKey } from "@/lib/ledger/verifier";
import { npmRun, startCommand } from "../running-command";
import type { Case } from "../stage";

const LIMIT_MS = 60_000;

/** What people run around the log: a witness of it, and a change of its key. */
export function logCases(folder: string): readonly Case[] {
  return [
    {
      name: "npm run witness: cosigns a log's checkpoint with a key of its own, and Ctrl-C leaves no process",
      run: () => witnesses(join(folder, "witness")),
    },
    {
      name: "npm run rekey: a new key takes the place of the old one, which is kept; a second time is too soon",
      run: () => changesKey(join(folder, "rekey")),
    },
  ];
}

async function witnesses(dir: string): Promise<void> {
  const signer = noteSigner("log.example/sandbox", newSigningKey());
  const args = ["--log", signer.verifierKey, "--dir", dir, "--port", "0", "--json"];
  const witness = startCommand("witness", args, {});
  try {
    const [text] = await witness.line(/^\{.*\}$/, LIMIT_MS);
    const { url, verifierKey } = JSON.parse(text);
    const note = writeCheckpoint({ origin: signer.name, size: 1, root: hashLeaf(Buffer.from("leaf")) }, [signer]);
    const answer = await fetch(`${url}/add-checkpoint`, { method: "POST", body: `old 0\n\n${note}` });
    const key = readKey(verifierKey);
    const signed = note.slice(0, note.indexOf("\n\n") + 1);
    assert.ok(key && (await readCosignature((await answer.text()).trimEnd(), signed, key)), "no cosignature");
    assert.equal(statSync(join(dir, "witness-key.pem")).mode & 0o777, 0o600);
    const { left } = await witness.interrupt(LIMIT_MS);
    assert.deepEqual(left, [], "processes left after Ctrl-C");
  } finally {
    witness.kill();
  }
}

async function changesKey(dataDir: string): Promise<void> {
  const before = loadSecrets(dataDir).logSigningKey;
  const options = { env: { DATA_DIR: dataDir }, limitMs: LIMIT_MS };
  const changed = await npmRun("rekey", [], options);
  assert.equal(changed.code, 0, changed.output);
  const secrets = loadSecrets(dataDir);
  assert.equal(secrets.logSigningKeyBefore, before);
  assert.notEqual(secrets.logSigningKey, before);
  const again = await npmRun("rekey", [], options);
  assert.equal(again.code, 1, "two changes in a row leave checkpoints that nobody can follow");
  assert.equal(readFileSync(join(dataDir, "secrets", "log-signing-key-before.pem"), "utf8").trim(), before);
}
