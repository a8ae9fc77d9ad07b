/**
 * Everything that checks the log, in one file that imports node:crypto and nothing else: an auditor reads and runs this
 * file alone. The rest of the ledger hashes and checks through it too, so there is one definition of "holds".
 *
 * Sources: RFC 6962 2.1 and RFC 9162 2.1.3.2, 2.1.4.2 (tree and proofs), RFC 8785 (canonical JSON), C2SP signed-note and
 * tlog-checkpoint.
 */
import { createHmac, createPublicKey, hash as digest, type KeyObject, verify as verifySignature } from "node:crypto";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

// ---- Tree -----------------------------------------------------------------------------------------------------------

const HASH_BYTES = 32;
const LEAF_PREFIX = Buffer.of(0);
const NODE_PREFIX = Buffer.of(1);

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT = sha256(Buffer.alloc(0));

export function hashLeaf(leaf: Buffer): Buffer {
  return sha256(Buffer.concat([LEAF_PREFIX, leaf]));
}

export function hashNode(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.concat([NODE_PREFIX, left, right]));
}

function sha256(bytes: Buffer): Buffer {
  return digest("sha256", bytes, "buffer");
}

export interface InclusionClaim {
  index: number;
  size: number;
  leafHash: Buffer;
  root: Buffer;
  proof: readonly Buffer[];
}

/** Whether the leaf is at `index` of the tree with this size and root (RFC 9162 2.1.3.2; every hash exactly 32 bytes). */
export function includes({ index, size, leafHash, root, proof }: InclusionClaim): boolean {
  if (!isPosition(index) || !isPosition(size) || index >= size || !areHashes([leafHash, root, ...proof])) return false;
  let node = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = hashNode(sibling, hash);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && hash.equals(root);
}

export interface ConsistencyClaim {
  size1: number;
  size2: number;
  root1: Buffer;
  root2: Buffer;
  proof: readonly Buffer[];
}

/** Whether the second tree only appended to the first (RFC 9162 2.1.4.2; size1 ≥ 1; equal sizes need an empty proof). */
export function isConsistent({ size1, size2, root1, root2, proof }: ConsistencyClaim): boolean {
  if (!isPosition(size1) || !isPosition(size2) || size1 < 1 || size1 > size2) return false;
  if (!areHashes([root1, root2, ...proof])) return false;
  if (size1 === size2) return proof.length === 0 && root1.equals(root2);
  const path = isPowerOfTwo(size1) ? [root1, ...proof] : [...proof];
  const first = path.shift();
  if (!first || proof.length === 0) return false;
  let node = size1 - 1;
  let last = size2 - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  let before = first;
  let after = first;
  for (const hash of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      before = hashNode(hash, before);
      after = hashNode(hash, after);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      after = hashNode(after, hash);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && before.equals(root1) && after.equals(root2);
}

// Positions may pass 2^31, where the bit operators of the language stop: division instead.
const half = (value: number) => Math.floor(value / 2);
const isOdd = (value: number) => value % 2 === 1;
const isPosition = (value: number) => Number.isSafeInteger(value) && value >= 0;
const areHashes = (hashes: readonly Buffer[]) => hashes.every((hash) => hash.length === HASH_BYTES);

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest > 1 && !isOdd(rest)) rest = half(rest);
  return rest === 1;
}

// ---- Canonical JSON and commitments ---------------------------------------------------------------------------------

const LONE_SURROGATE = /\p{Surrogate}/u;

/** RFC 8785. Throws on what it forbids: numbers that are not finite, lone surrogates. */
export function canonicalJson(value: Json): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error("Not a JSON number");
  if (typeof value === "string" && LONE_SURROGATE.test(value)) throw new Error("Lone surrogate");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([one], [other]) => (one < other ? -1 : 1)); // by UTF-16 code units, as the language compares
  return `{${members.map(([key, member]) => `${canonicalJson(key)}:${canonicalJson(member)}`).join(",")}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** HMAC-SHA-256(salt, canonical payload): hides the payload until payload and salt are shown together. */
export function commit(salt: Buffer, payload: Json): Buffer {
  return createHmac("sha256", salt).update(canonicalJson(payload), "utf8").digest();
}

/** Standard base64 with padding, and nothing that decodes the same but is written differently. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

// ---- Signed notes and checkpoints -----------------------------------------------------------------------------------

const ED25519 = 1;
const MAX_SIGNATURES = 100;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: signed-note forbids control characters other than newline
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f]/;

export interface NoteKey {
  name: string;
  hash: Buffer;
  publicKey: KeyObject;
}

/** Reads a verifier key, `name+hash+base64(0x01 ‖ public key)`; undefined when it is malformed or its hash is not its own. */
export function readKey(vkey: string): NoteKey | undefined {
  const [name = "", hash = "", ...rest] = vkey.split("+");
  const bytes = decodeBase64(rest.join("+"));
  if (!/^[^\s+]+$/u.test(name) || !bytes || bytes.length !== 33 || bytes[0] !== ED25519) return undefined;
  const own = keyHash(name, bytes);
  if (own.toString("hex") !== hash) return undefined;
  return { name, hash: own, publicKey: ed25519PublicKey(bytes.subarray(1)) };
}

/** The four bytes that name a key in a signature line: SHA-256(name ‖ "\n" ‖ type ‖ key). */
export function keyHash(name: string, typedKey: Buffer): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), typedKey])).subarray(0, 4);
}

/** An Ed25519 public key from its 32 bytes. */
export function ed25519PublicKey(bytes: Buffer): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") }, format: "jwk" });
}

export type OpenedNote =
  | { kind: "verified"; text: string; signers: string[]; unknownSignatures: number }
  | { kind: "malformed" }
  | { kind: "rejected"; signer: string }
  | { kind: "unverified" };

/** Checks a signed note: every signature of a key we know must hold, and there must be at least one. */
export function openNote(note: Buffer, keys: readonly NoteKey[]): OpenedNote {
  const parts = splitNote(note);
  if (!parts) return { kind: "malformed" };
  const signers = new Set<string>();
  let unknownSignatures = 0;
  for (const { name, hash, signature } of parts.signatures) {
    const key = keys.find((known) => known.name === name && known.hash.equals(hash));
    if (!key) unknownSignatures += 1;
    else if (verifySignature(null, Buffer.from(parts.text), key.publicKey, signature)) signers.add(name);
    else return { kind: "rejected", signer: name };
  }
  if (signers.size === 0) return { kind: "unverified" };
  return { kind: "verified", text: parts.text, signers: [...signers], unknownSignatures };
}

interface NoteParts {
  text: string;
  signatures: { name: string; hash: Buffer; signature: Buffer }[];
}

function splitNote(note: Buffer): NoteParts | undefined {
  const whole = note.toString("utf8");
  const gap = whole.lastIndexOf("\n\n");
  if (!Buffer.from(whole).equals(note) || FORBIDDEN.test(whole) || gap < 0 || !whole.endsWith("\n")) return undefined;
  const lines = whole.slice(gap + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return undefined;
  const signatures: NoteParts["signatures"] = [];
  for (const line of lines) {
    const [, name = "", encoded = ""] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = decodeBase64(encoded);
    if (!bytes || bytes.length < 5) return undefined;
    signatures.push({ name, hash: bytes.subarray(0, 4), signature: bytes.subarray(4) });
  }
  return { text: whole.slice(0, gap + 1), signatures };
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

/** The three lines of a checkpoint: origin, size, root. No extension lines are accepted. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin = "", size = "", encoded = "", end, ...extensions] = text.split("\n");
  const root = decodeBase64(encoded);
  if (origin === "" || !/^(0|[1-9]\d{0,15})$/.test(size) || root?.length !== HASH_BYTES) return undefined;
  if (end !== "" || extensions.length > 0) return undefined;
  return { origin, size: Number(size), root };
}

// ---- Evidence bundles -----------------------------------------------------------------------------------------------

/** What opens a commitment. `sealed` = its key was destroyed (the person was erased): present, proved, not readable. */
export type Opening = { kind: "opened"; payload: Json; salt: string } | { kind: "sealed" };

/** One row inside a batch entry. Hashes are base64. Nothing here is a mere label: whatever is written is checked. */
export interface BundledItem {
  position: number;
  /** Items in the batch. */
  size: number;
  leafHash: string;
  proof: readonly string[];
  opening: Opening;
}

export interface BundledEntry {
  index: number;
  /** The leaf as text: the envelope in canonical JSON. */
  leaf: string;
  /** Inclusion in the checkpoint of `size` entries. */
  size: number;
  proof: readonly string[];
  /** For an entry that stands for one event. */
  opening?: Opening | undefined;
  /** For a batch: the rows that the bundle is about. */
  items?: readonly BundledItem[] | undefined;
}

export interface Bundle {
  format: "contraste-evidence@1";
  origin: string;
  /** The log's keys as it names them itself. Whoever checks compares them with keys received on another way. */
  keys: readonly string[];
  /** Signed notes, from the smallest to the largest. */
  checkpoints: readonly string[];
  /** Consistency proof between each checkpoint and the next. */
  consistency: readonly (readonly string[])[];
  entries: readonly BundledEntry[];
}

/** A row whose commitment held: what a reader may now rely on. */
export interface ProvedRow {
  /** Index of the entry in the log. */
  index: number;
  type: string;
  at: string;
  ref: string;
  subject: string | null;
  payload: Json;
}

export interface BundleVerdict {
  failures: string[];
  checkpoints: number;
  entries: number;
  proved: ProvedRow[];
  sealed: number;
}

/** Checks everything in a bundle against these keys; without keys, against those that the bundle names itself. */
export function verifyBundle(bundle: Bundle, vkeys: readonly string[] = bundle.keys): BundleVerdict {
  const verdict: BundleVerdict = { failures: [], checkpoints: 0, entries: 0, proved: [], sealed: 0 };
  const keys = vkeys.map(readKey).filter((key) => key !== undefined);
  const named = bundle.keys.map(readKey).filter((key) => key !== undefined);
  if (keys.length === 0 || keys.length < vkeys.length || named.length < bundle.keys.length) {
    verdict.failures.push("keys: a verifier key is missing or malformed");
  }
  const checkpoints = openCheckpoints(bundle, keys, verdict);
  checkConsistency(bundle, checkpoints, verdict);
  for (const entry of bundle.entries) {
    verdict.entries += 1;
    const failure = checkEntry(entry, { origin: bundle.origin, checkpoints, verdict });
    if (failure) verdict.failures.push(`entry ${entry.index}: ${failure}`);
  }
  return verdict;
}

type Opened = (Checkpoint | undefined)[];

function openCheckpoints(bundle: Bundle, keys: readonly NoteKey[], verdict: BundleVerdict): Opened {
  if (bundle.checkpoints.length === 0) verdict.failures.push("checkpoints: there is none");
  return bundle.checkpoints.map((note, i) => {
    const opened = openNote(Buffer.from(note), keys);
    const checkpoint = opened.kind === "verified" ? readCheckpoint(opened.text) : undefined;
    verdict.checkpoints += 1;
    if (!checkpoint) verdict.failures.push(`checkpoint ${i + 1}: the signature does not hold (${opened.kind})`);
    else if (checkpoint.origin !== bundle.origin) verdict.failures.push(`checkpoint ${i + 1}: of another log`);
    else return checkpoint;
    return undefined;
  });
}

function checkConsistency(bundle: Bundle, checkpoints: Opened, verdict: BundleVerdict): void {
  for (let i = 1; i < checkpoints.length; i += 1) {
    const [before, after, proof] = [checkpoints[i - 1], checkpoints[i], hashes(bundle.consistency[i - 1] ?? [])];
    if (!before || !after) continue; // reported already
    const claim = { size1: before.size, root1: before.root, size2: after.size, root2: after.root };
    if (!proof || !isConsistent({ ...claim, proof })) {
      verdict.failures.push(`checkpoint ${i + 1}: it does not continue the one before`);
    }
  }
}

interface Surroundings {
  origin: string;
  checkpoints: Opened;
  verdict: BundleVerdict;
}

/** The first thing that does not hold, if any; what holds is added to the verdict. */
function checkEntry(entry: BundledEntry, { origin, checkpoints, verdict }: Surroundings): string | undefined {
  const envelope = readEnvelope(entry.leaf);
  if (!envelope) return "the leaf is not canonical JSON of an envelope";
  if (envelope.log !== origin) return "the leaf belongs to another log";
  const checkpoint = checkpoints.find((known) => known?.size === entry.size);
  const proof = hashes(entry.proof);
  if (!checkpoint || !proof) return "no checkpoint that holds covers it";
  const leafHash = hashLeaf(Buffer.from(entry.leaf));
  if (!includes({ index: entry.index, size: entry.size, leafHash, root: checkpoint.root, proof })) {
    return "it is not in the checkpoint";
  }
  const { type, at, ref, subject } = envelope;
  const place = { index: entry.index, type, at, ref, subject };
  if (entry.opening) {
    if (entry.opening.kind === "sealed") verdict.sealed += 1;
    else if (commitmentOf(entry.opening)?.equals(envelope.commitment)) {
      verdict.proved.push({ ...place, payload: entry.opening.payload });
    } else return "the payload is not what was committed to";
  }
  for (const item of entry.items ?? []) {
    const failure = checkItem(item, envelope.commitment);
    if (failure) return `item ${item.position}: ${failure}`;
    if (item.opening.kind === "sealed") verdict.sealed += 1;
    else verdict.proved.push({ ...place, payload: item.opening.payload });
  }
  return undefined;
}

function checkItem(item: BundledItem, root: Buffer): string | undefined {
  const leafHash = decodeBase64(item.leafHash);
  const proof = hashes(item.proof);
  if (!leafHash || !proof || !includes({ index: item.position, size: item.size, leafHash, root, proof })) {
    return "it is not in the batch";
  }
  if (item.opening.kind === "sealed") return undefined;
  const commitment = commitmentOf(item.opening);
  return commitment && hashLeaf(commitment).equals(leafHash) ? undefined : "the payload is not what was committed to";
}

function commitmentOf({ payload, salt }: { payload: Json; salt: string }): Buffer | undefined {
  const bytes = decodeBase64(salt);
  return bytes?.length === HASH_BYTES ? commit(bytes, payload) : undefined;
}

function hashes(texts: readonly string[]): Buffer[] | undefined {
  const decoded = texts.map(decodeBase64).filter((bytes) => bytes?.length === HASH_BYTES);
  return decoded.length === texts.length ? decoded.filter((bytes) => bytes !== undefined) : undefined;
}

interface ReadEnvelope {
  log: string;
  type: string;
  at: string;
  ref: string;
  subject: string | null;
  commitment: Buffer;
}

function readEnvelope(leaf: string): ReadEnvelope | undefined {
  const value = parseJson(leaf);
  if (!isObject(value) || value.v !== 1 || canonicalJson(value) !== leaf) return undefined;
  const { log, type, at, ref, subj, c } = value;
  const commitment = typeof c === "string" ? decodeBase64(c) : undefined;
  if (typeof log !== "string" || typeof type !== "string" || typeof at !== "string" || typeof ref !== "string")
    return undefined;
  if ((subj !== null && typeof subj !== "string") || commitment?.length !== HASH_BYTES) return undefined;
  return { log, type, at, ref, subject: subj, commitment };
}

/** Reads a bundle from its JSON text; undefined when it is not one. */
export function readBundle(text: string): Bundle | undefined {
  const value = parseJson(text);
  return isBundle(value) ? value : undefined;
}

/** Undefined for what is no JSON, or has no canonical form (lone surrogates, nested past all reason). */
function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    canonicalJson(value);
    return value;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";

function isListOf<Item>(value: unknown, is: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.every(is);
}

function isBundle(value: unknown): value is Bundle {
  return (
    isObject(value) &&
    value.format === "contraste-evidence@1" &&
    isText(value.origin) &&
    isListOf(value.keys, isText) &&
    isListOf(value.checkpoints, isText) &&
    isListOf(value.consistency, (proof): proof is string[] => isListOf(proof, isText)) &&
    isListOf(value.entries, isBundledEntry)
  );
}

function isBundledEntry(value: unknown): value is BundledEntry {
  return (
    isObject(value) &&
    isNumber(value.index) &&
    isText(value.leaf) &&
    isNumber(value.size) &&
    isListOf(value.proof, isText) &&
    (value.opening === undefined || isOpening(value.opening)) &&
    (value.items === undefined || isListOf(value.items, isBundledItem)) &&
    (value.opening === undefined) !== (value.items === undefined)
  );
}

function isBundledItem(value: unknown): value is BundledItem {
  return (
    isObject(value) &&
    isNumber(value.position) &&
    isNumber(value.size) &&
    isText(value.leafHash) &&
    isListOf(value.proof, isText) &&
    isOpening(value.opening)
  );
}

function isOpening(value: unknown): value is Opening {
  if (!isObject(value)) return false;
  return value.kind === "sealed" || (value.kind === "opened" && value.payload !== undefined && isText(value.salt));
}
