import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { writeCheckpoint } from "./checkpoint";
import { logVerifierKeys } from "./keys";
import { type NoteSigner, noteSigner } from "./note";
import { logOrigin } from "./origin";
import { latestCheckpoint, proveConsistency, type SignedCheckpoint } from "./prove";
import { logSize, rootAt } from "./tile-reader";
import { type Checkpoint, isConsistent, type NoteKey, openNote, readCheckpoint, readKey } from "./verifier";

/** Advisory lock of the one signer ("lgck"). */
const SIGNER_LOCK = 0x6c67636b;

export type SigningOutcome =
  | { kind: "signed" | "unchanged"; checkpoint: SignedCheckpoint }
  /** Nothing has been sequenced yet. */
  | { kind: "empty" }
  /** The log contradicts a checkpoint that we signed: rows were changed, or an old database was restored. Raise an alarm. */
  | { kind: "conflict"; signed: Checkpoint; size: number };

/**
 * Signs a checkpoint of everything sequenced, when the log grew since the last one. Never signs what contradicts the last
 * checkpoint, of which a copy lies in `stateFile`, outside the database: a database set back or altered cannot get a
 * second history signed. `keys` are Ed25519 private keys (PKCS #8 PEM), the newest first; only the worker has them: for a
 * while after a change of keys the one before signs too, so that whoever knows only that one can follow. Uses real time.
 */
export async function signCheckpoint(
  db: Db,
  { keys: [key, ...before], stateFile }: { keys: readonly [string, ...string[]]; stateFile: string },
): Promise<SigningOutcome> {
  const origin = await logOrigin(db);
  const signer = noteSigner(origin, key);
  const signers = [signer, ...before.map((older) => noteSigner(origin, older))];
  const known = await knownKeys(db, signers);
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${SIGNER_LOCK})`);
    const size = await logSize(tx);
    const stored = await latestCheckpoint(tx);
    const remembered = await readState(stateFile, known);
    if (size === 0 && !stored && !remembered) return { kind: "empty" };
    const root = await rootAt(tx, size);
    for (const signed of [remembered, stored && { ...stored, origin: signer.name }]) {
      if (signed && !(await continues(tx, signed, { origin: signer.name, size, root }))) {
        return { kind: "conflict", signed, size };
      }
    }
    if (stored?.size === size) return { kind: "unchanged", checkpoint: stored };
    const note = writeCheckpoint({ origin: signer.name, size, root }, signers);
    await writeState(stateFile, note); // before the database: a signature that exists is never forgotten
    const signedAt = new Date();
    await tx.execute(sql`
      insert into log_checkpoints (size, root, note, signed_at) values (${size}, ${root}, ${note}, ${signedAt})`);
    return { kind: "signed", checkpoint: { size, root, note, signedAt } };
  });
}

/** Whether the log as it is now only appended to what was signed. */
async function continues(db: Db, signed: Checkpoint, now: Checkpoint): Promise<boolean> {
  if (signed.origin !== now.origin || signed.size > now.size) return false;
  const proof = await proveConsistency(db, signed.size, now.size);
  return isConsistent({ size1: signed.size, root1: signed.root, size2: now.size, root2: now.root, proof });
}

/** A checkpoint that a former key signed is still ours. */
async function knownKeys(db: Db, signers: readonly NoteSigner[]): Promise<NoteKey[]> {
  const texts = [...signers.map(({ verifierKey }) => verifierKey), ...(await logVerifierKeys(db))];
  return [...new Set(texts)].map(readKey).filter((key) => key !== undefined);
}

/** The last checkpoint signed, from its file; undefined when there is no file yet. Throws when the file was altered. */
async function readState(stateFile: string, keys: readonly NoteKey[]): Promise<Checkpoint | undefined> {
  const note = await readFile(stateFile).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!note) return undefined;
  const opened = await openNote(note, keys);
  const checkpoint = opened.kind === "verified" ? readCheckpoint(opened.text) : undefined;
  if (!checkpoint)
    throw new Error(`${stateFile} is not a checkpoint that this log's key signed; nothing will be signed`);
  return checkpoint;
}

/** Written beside, synced and renamed: after a power cut the file holds either checkpoint, never half of one. */
export async function writeState(stateFile: string, note: string): Promise<void> {
  const folder = dirname(stateFile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${stateFile}.${randomBytes(6).toString("hex")}`;
  try {
    await synced(draft, "wx", (file) => file.writeFile(note));
    await rename(draft, stateFile);
    await synced(folder, "r");
  } finally {
    await rm(draft, { force: true });
  }
}

async function synced(
  path: string,
  flags: string,
  write?: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await write?.(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
