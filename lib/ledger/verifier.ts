/**
 * Everything that checks the log, in one file that imports nothing and runs wherever ECMAScript does: in Node, in a browser
 * without a server, inside `verify.mjs`. An auditor reads this file alone. SHA-256 is written out below, signatures are
 * checked by the platform (Web Crypto).
 *
 * Sources: FIPS 180-4 (SHA-256), RFC 2104 (HMAC), RFC 6962 2.1 and RFC 9162 2.1.3.2, 2.1.4.2 (tree and proofs), RFC 8785
 * (canonical JSON), C2SP signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

// ---- Bytes ----------------------------------------------------------------------------------------------------------

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SEXTETS = sextets();

/** The value of each letter by its code; -1 for what is none. */
function sextets(): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (let value = 0; value < BASE64.length; value += 1) values[BASE64.charCodeAt(value)] = value;
  return values;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of these bytes; undefined when they are not UTF-8. */
export function readUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i += 1) if (one[i] !== other[i]) return false;
  return true;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two, three] = bytes.subarray(at, at + 3);
    const word = (one << 16) | ((two ?? 0) << 8) | (three ?? 0);
    text += BASE64.charAt(word >> 18) + BASE64.charAt((word >> 12) & 63);
    text += two === undefined ? "=" : BASE64.charAt((word >> 6) & 63);
    text += three === undefined ? "=" : BASE64.charAt(word & 63);
  }
  return text;
}

/** Standard base64 with padding, and nothing that decodes the same but is written differently. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const letters = text.length - padding;
  if (text.length % 4 !== 0) return undefined;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let word = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < letters; i += 1) {
    const sextet = SEXTETS[text.charCodeAt(i)] ?? -1;
    if (sextet < 0) return undefined;
    word = ((word << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = word >> bits;
    at += 1;
  }
  return (word & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

// ---- SHA-256 and HMAC -----------------------------------------------------------------------------------------------

const BLOCK_BYTES = 64;
const ROUNDS = 64;
const [ROUND_CONSTANTS, START] = sha256Constants();
/** Room for the words of the block at work: nothing here waits, so one is enough. */
const WORDS = new Int32Array(ROUNDS);

/** The first 32 bits of the fractions of the cube roots of 64 primes, and of the square roots of 8 (FIPS 180-4 4.2.2, 5.3.3). */
function sha256Constants(): [Int32Array, Int32Array] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < ROUNDS; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  const fraction = (root: number) => (root - Math.floor(root)) * 2 ** 32;
  return [
    Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)) | 0),
    Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)) | 0),
  ];
}

export function sha256(bytes: Uint8Array): Uint8Array {
  const length = Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const input = new DataView(padded.buffer);
  input.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29));
  input.setUint32(length - 4, (bytes.length % 2 ** 29) * 8);
  const state = Int32Array.from(START);
  for (let at = 0; at < length; at += BLOCK_BYTES) {
    for (let i = 0; i < 16; i += 1) WORDS[i] = input.getInt32(at + i * 4);
    compress(state, WORDS);
  }
  const output = new DataView(new ArrayBuffer(HASH_BYTES));
  state.forEach((word, i) => {
    output.setInt32(i * 4, word);
  });
  return new Uint8Array(output.buffer);
}

/** One block (FIPS 180-4 6.2.2). The letters are the standard's. */
function compress(state: Int32Array, words: Int32Array): void {
  for (let i = 16; i < ROUNDS; i += 1) {
    const before2 = words[i - 2] ?? 0;
    const before15 = words[i - 15] ?? 0;
    const small0 = rotate(before15, 7) ^ rotate(before15, 18) ^ (before15 >>> 3);
    const small1 = rotate(before2, 17) ^ rotate(before2, 19) ^ (before2 >>> 10);
    words[i] = (small1 + (words[i - 7] ?? 0) + small0 + (words[i - 16] ?? 0)) | 0;
  }
  let a = state[0] ?? 0; // word by word: destructuring costs more than the rounds
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let i = 0; i < ROUNDS; i += 1) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + big1 + ((e & f) ^ (~e & g)) + (ROUND_CONSTANTS[i] ?? 0) + (words[i] ?? 0)) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(BLOCK_BYTES);
  padded.set(key.length > BLOCK_BYTES ? sha256(key) : key);
  const inner = sha256(concatBytes([padded.map((byte) => byte ^ 0x36), message]));
  return sha256(concatBytes([padded.map((byte) => byte ^ 0x5c), inner]));
}

// ---- Tree -----------------------------------------------------------------------------------------------------------

const HASH_BYTES = 32;
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

export function hashLeaf(leaf: Uint8Array): Uint8Array {
  return sha256(concatBytes([LEAF_PREFIX, leaf]));
}

export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes([NODE_PREFIX, left, right]));
}

export interface InclusionClaim {
  index: number;
  size: number;
  leafHash: Uint8Array;
  root: Uint8Array;
  proof: readonly Uint8Array[];
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
  return last === 0 && equalBytes(hash, root);
}

export interface ConsistencyClaim {
  size1: number;
  size2: number;
  root1: Uint8Array;
  root2: Uint8Array;
  proof: readonly Uint8Array[];
}

/** Whether the second tree only appended to the first (RFC 9162 2.1.4.2; size1 ≥ 1; equal sizes need an empty proof). */
export function isConsistent({ size1, size2, root1, root2, proof }: ConsistencyClaim): boolean {
  if (!isPosition(size1) || !isPosition(size2) || size1 < 1 || size1 > size2) return false;
  if (!areHashes([root1, root2, ...proof])) return false;
  if (size1 === size2) return proof.length === 0 && equalBytes(root1, root2);
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
  return last === 0 && equalBytes(before, root1) && equalBytes(after, root2);
}

// Positions may pass 2^31, where the bit operators of the language stop: division instead.
const half = (value: number) => Math.floor(value / 2);
const isOdd = (value: number) => value % 2 === 1;
const isPosition = (value: number) => Number.isSafeInteger(value) && value >= 0;
const areHashes = (hashes: readonly Uint8Array[]) => hashes.every((hash) => hash.length === HASH_BYTES);

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
export function commit(salt: Uint8Array, payload: Json): Uint8Array {
  return hmacSha256(salt, utf8(canonicalJson(payload)));
}

// ---- Signed notes, checkpoints, cosignatures ------------------------------------------------------------------------

const ED25519 = 1;
const COSIGNATURE = 4;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const MAX_SIGNATURES = 100;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: signed-note forbids control characters other than newline
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f]/;

export interface NoteKey {
  name: string;
  hash: Uint8Array;
  /** A log signs what it says; a witness says when it saw that the log only grew (tlog-cosignature `cosignature/v1`). */
  kind: "log" | "witness";
  /** Ed25519, 32 bytes. */
  publicKey: Uint8Array;
}

/** Reads a verifier key, `name+hash+base64(type ‖ public key)`; undefined when it is malformed or its hash is not its own. */
export function readKey(vkey: string): NoteKey | undefined {
  const [name = "", hash = "", ...rest] = vkey.split("+");
  const bytes = decodeBase64(rest.join("+"));
  if (!/^[^\s+]+$/u.test(name) || bytes?.length !== PUBLIC_KEY_BYTES + 1) return undefined;
  if (bytes[0] !== ED25519 && bytes[0] !== COSIGNATURE) return undefined;
  const own = keyHash(name, bytes);
  if (toHex(own) !== hash) return undefined;
  return { name, hash: own, kind: bytes[0] === ED25519 ? "log" : "witness", publicKey: bytes.subarray(1) };
}

/** The four bytes that name a key in a signature line: SHA-256(name ‖ "\n" ‖ type ‖ key). */
export function keyHash(name: string, typedKey: Uint8Array): Uint8Array {
  return sha256(concatBytes([utf8(`${name}\n`), typedKey])).subarray(0, 4);
}

/** Ed25519 by Web Crypto; false also for what is no key at all. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", Uint8Array.from(publicKey), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, Uint8Array.from(signature), Uint8Array.from(message));
  } catch {
    return false;
  }
}

/** What a witness signs: the time, in seconds, then the text of the checkpoint. */
export function cosignedText(text: string, seconds: number): string {
  return `cosignature/v1\ntime ${seconds}\n${text}`;
}

export interface Cosignature {
  /** The key's name and hash, as in its verifier key. */
  witness: string;
  /** Seconds since 1970 by the witness' clock. */
  seconds: number;
}

export type OpenedNote =
  | {
      kind: "verified";
      text: string;
      /** Names of the logs' keys that signed. */
      signers: string[];
      cosignatures: Cosignature[];
      unknownSignatures: number;
    }
  | { kind: "malformed" }
  | { kind: "rejected"; signer: string }
  | { kind: "unverified" };

/** Checks a signed note: every signature of a key we know must hold, and a log's must be among them. */
export async function openNote(note: Uint8Array, keys: readonly NoteKey[]): Promise<OpenedNote> {
  const parts = splitNote(note);
  if (!parts) return { kind: "malformed" };
  const signers = new Set<string>();
  const cosignatures: Cosignature[] = [];
  let unknownSignatures = 0;
  for (const line of parts.signatures) {
    const key = keys.find((known) => known.name === line.name && equalBytes(known.hash, line.hash));
    if (!key) {
      unknownSignatures += 1;
    } else if (key.kind === "log") {
      if (!(await verifyEd25519(key.publicKey, utf8(parts.text), line.signature)))
        return { kind: "rejected", signer: line.name };
      signers.add(key.name);
    } else {
      const seconds = await cosignedAt(parts.text, key, line.signature);
      if (seconds === undefined) return { kind: "rejected", signer: line.name };
      cosignatures.push({ witness: `${key.name}+${toHex(key.hash)}`, seconds });
    }
  }
  if (signers.size === 0) return { kind: "unverified" };
  return { kind: "verified", text: parts.text, signers: [...signers], cosignatures, unknownSignatures };
}

async function cosignedAt(text: string, key: NoteKey, timed: Uint8Array): Promise<number | undefined> {
  if (timed.length !== 8 + SIGNATURE_BYTES) return undefined;
  const seconds = Number(new DataView(Uint8Array.from(timed).buffer).getBigUint64(0));
  const message = utf8(cosignedText(text, seconds));
  const holds = Number.isSafeInteger(seconds) && (await verifyEd25519(key.publicKey, message, timed.subarray(8)));
  return holds ? seconds : undefined;
}

/** When this witness saw this checkpoint, in seconds; undefined when the line is not its cosignature of this text. */
export async function readCosignature(line: string, text: string, key: NoteKey): Promise<number | undefined> {
  const signature = readSignatureLine(line);
  if (signature?.name !== key.name || !equalBytes(signature.hash, key.hash)) return undefined;
  return cosignedAt(text, key, signature.signature);
}

interface NoteSignature {
  name: string;
  hash: Uint8Array;
  signature: Uint8Array;
}

interface NoteParts {
  text: string;
  signatures: NoteSignature[];
}

function splitNote(note: Uint8Array): NoteParts | undefined {
  const whole = readUtf8(note);
  if (whole === undefined || FORBIDDEN.test(whole) || !whole.endsWith("\n")) return undefined;
  const gap = whole.lastIndexOf("\n\n");
  if (gap < 0) return undefined;
  const lines = whole.slice(gap + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return undefined;
  const signatures = lines.map(readSignatureLine).filter((signature) => signature !== undefined);
  return signatures.length === lines.length ? { text: whole.slice(0, gap + 1), signatures } : undefined;
}

function readSignatureLine(line: string): NoteSignature | undefined {
  const [, name = "", encoded = ""] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = decodeBase64(encoded);
  if (!bytes || bytes.length < 5) return undefined;
  return { name, hash: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
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
  /** Entries of the log in the largest checkpoint that holds. */
  size: number;
  entries: number;
  proved: ProvedRow[];
  sealed: number;
  /** What witnesses said of these checkpoints, and of which size. */
  cosignatures: (Cosignature & { size: number })[];
}

/** Checks everything in a bundle against these keys; without keys, against those that the bundle names itself. */
export async function verifyBundle(bundle: Bundle, vkeys: readonly string[] = bundle.keys): Promise<BundleVerdict> {
  const verdict: BundleVerdict = {
    failures: [],
    checkpoints: 0,
    size: 0,
    entries: 0,
    proved: [],
    sealed: 0,
    cosignatures: [],
  };
  const named = bundle.keys.map(readKey).filter((key) => key !== undefined);
  const given = vkeys.map(readKey).filter((key) => key !== undefined);
  const logs = given.filter(({ kind }) => kind === "log");
  if (logs.length === 0 || given.length < vkeys.length || named.length < bundle.keys.length) {
    verdict.failures.push("keys: a verifier key is missing or malformed");
  }
  // A witness that nobody vouches for still must have signed what the bundle says that it signed.
  const witnesses = [...given, ...named].filter(({ kind }) => kind === "witness");
  const checkpoints = await openCheckpoints(bundle, [...logs, ...witnesses], verdict);
  checkConsistency(bundle, checkpoints, verdict);
  const seen = new Set<number>();
  for (const entry of bundle.entries) {
    verdict.entries += 1;
    const failure = seen.has(entry.index)
      ? "it is there twice"
      : checkEntry(entry, { origin: bundle.origin, checkpoints, verdict });
    seen.add(entry.index);
    if (failure) verdict.failures.push(`entry ${entry.index}${eventOf(entry)}: ${failure}`);
  }
  return verdict;
}

/** Names the event, so that whoever reads the failure finds it. */
function eventOf({ leaf }: BundledEntry): string {
  const envelope = readEnvelope(leaf);
  return envelope ? ` (${envelope.type} ${envelope.ref})` : "";
}

type Opened = (Checkpoint | undefined)[];

async function openCheckpoints(bundle: Bundle, keys: readonly NoteKey[], verdict: BundleVerdict): Promise<Opened> {
  if (bundle.checkpoints.length === 0) verdict.failures.push("checkpoints: there is none");
  const opened: Opened = [];
  for (const [i, note] of bundle.checkpoints.entries()) {
    verdict.checkpoints += 1;
    const found = await openNote(utf8(note), keys);
    const checkpoint = found.kind === "verified" ? readCheckpoint(found.text) : undefined;
    if (!checkpoint) verdict.failures.push(`checkpoint ${i + 1}: the signature does not hold (${found.kind})`);
    else if (checkpoint.origin !== bundle.origin) verdict.failures.push(`checkpoint ${i + 1}: of another log`);
    else {
      verdict.size = Math.max(verdict.size, checkpoint.size);
      const { cosignatures } = found.kind === "verified" ? found : { cosignatures: [] };
      verdict.cosignatures.push(...cosignatures.map((cosignature) => ({ ...cosignature, size: checkpoint.size })));
      opened.push(checkpoint);
      continue;
    }
    opened.push(undefined);
  }
  return opened;
}

function checkConsistency(bundle: Bundle, checkpoints: Opened, verdict: BundleVerdict): void {
  if (bundle.consistency.length !== Math.max(0, checkpoints.length - 1)) {
    verdict.failures.push("consistency: not one proof between each checkpoint and the next");
  }
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
  const leafHash = hashLeaf(utf8(entry.leaf));
  if (!includes({ index: entry.index, size: entry.size, leafHash, root: checkpoint.root, proof })) {
    return "it is not in the checkpoint";
  }
  const { type, at, ref, subject } = envelope;
  const place = { index: entry.index, type, at, ref, subject };
  if (entry.opening) {
    if (entry.opening.kind === "sealed") verdict.sealed += 1;
    else if (isCommittedTo(entry.opening, envelope.commitment)) {
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

function checkItem(item: BundledItem, root: Uint8Array): string | undefined {
  const leafHash = decodeBase64(item.leafHash);
  const proof = hashes(item.proof);
  if (!leafHash || !proof || !includes({ index: item.position, size: item.size, leafHash, root, proof })) {
    return "it is not in the batch";
  }
  if (item.opening.kind === "sealed") return undefined;
  const commitment = commitmentOf(item.opening);
  const holds = commitment && equalBytes(hashLeaf(commitment), leafHash);
  return holds ? undefined : "the payload is not what was committed to";
}

function isCommittedTo(opening: Opening, commitment: Uint8Array): boolean {
  const own = opening.kind === "opened" ? commitmentOf(opening) : undefined;
  return own !== undefined && equalBytes(own, commitment);
}

function commitmentOf({ payload, salt }: { payload: Json; salt: string }): Uint8Array | undefined {
  const bytes = decodeBase64(salt);
  return bytes?.length === HASH_BYTES ? commit(bytes, payload) : undefined;
}

function hashes(texts: readonly string[]): Uint8Array[] | undefined {
  const decoded = texts.map(decodeBase64).filter((bytes) => bytes?.length === HASH_BYTES);
  return decoded.length === texts.length ? decoded.filter((bytes) => bytes !== undefined) : undefined;
}

interface ReadEnvelope {
  log: string;
  type: string;
  at: string;
  ref: string;
  subject: string | null;
  commitment: Uint8Array;
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

/** `altered`: a bundle by most of its marks, but not whole. `unreadable`: something else. */
export type ReadBundle = { kind: "bundle"; bundle: Bundle } | { kind: "altered" } | { kind: "unreadable" };

const BUNDLE_KEYS = ["format", "origin", "keys", "checkpoints", "consistency", "entries"];

/** Reads a bundle from its JSON text. */
export function readBundle(text: string): ReadBundle {
  const value = parseJson(text);
  if (isBundle(value)) return { kind: "bundle", bundle: value };
  const isMostly = isObject(value) && BUNDLE_KEYS.filter((key) => value[key] !== undefined).length >= 3;
  return { kind: isMostly ? "altered" : "unreadable" };
}

/** Undefined for what is no JSON, or has no canonical form (lone surrogates, nested past all reason). */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    canonicalJson(value);
    return value;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";

/** Nothing in a bundle is a mere label: what is not checked may not be there. */
export function hasOnly(value: { readonly [key: string]: Json }, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

function isListOf<Item>(value: unknown, is: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.every(is);
}

export function isBundle(value: unknown): value is Bundle {
  return (
    isObject(value) &&
    hasOnly(value, BUNDLE_KEYS) &&
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
    hasOnly(value, ["index", "leaf", "size", "proof", "opening", "items"]) &&
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
    hasOnly(value, ["position", "size", "leafHash", "proof", "opening"]) &&
    isNumber(value.position) &&
    isNumber(value.size) &&
    isText(value.leafHash) &&
    isListOf(value.proof, isText) &&
    isOpening(value.opening)
  );
}

function isOpening(value: unknown): value is Opening {
  if (!isObject(value)) return false;
  if (value.kind === "sealed") return hasOnly(value, ["kind"]);
  return (
    value.kind === "opened" &&
    hasOnly(value, ["kind", "payload", "salt"]) &&
    value.payload !== undefined &&
    isText(value.salt)
  );
}
