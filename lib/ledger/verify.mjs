#!/usr/bin/env node
// Checks an evidence bundle without network and without trusting whoever made it: node verify.mjs BUNDLE [--key VKEY]…
// Made from the project's sources by `npm run verifier`, types and what is not needed left out. Depends on nothing but Node 20
// or newer. Start reading at "main".
/**
 * Everything that checks the log, in one file that imports nothing and runs wherever ECMAScript does: in Node, in a browser
 * without a server, inside `verify.mjs`. An auditor reads this file alone. SHA-256 is written out below, signatures are
 * checked by the platform (Web Crypto).
 *
 * Sources: FIPS 180-4 (SHA-256), RFC 2104 (HMAC), RFC 6962 2.1 and RFC 9162 2.1.3.2, 2.1.4.2 (tree and proofs), RFC 8785
 * (canonical JSON), C2SP signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof.
 */
// ---- Bytes ----------------------------------------------------------------------------------------------------------
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const SEXTETS = sextets();

/** The value of each letter by its code; -1 for what is none. */
function sextets() {
    const values = new Int8Array(128).fill(-1);
    for (let value = 0; value < BASE64.length; value += 1)
        values[BASE64.charCodeAt(value)] = value;
    return values;
}

function utf8(text) {
    return new TextEncoder().encode(text);
}

/** The text of these bytes; undefined when they are not UTF-8. */
function readUtf8(bytes) {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    }
    catch {
        return undefined;
    }
}

function concatBytes(parts) {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

function equalBytes(one, other) {
    if (one.length !== other.length)
        return false;
    for (let i = 0; i < one.length; i += 1)
        if (one[i] !== other[i])
            return false;
    return true;
}

function toHex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Standard base64 with padding. */
function encodeBase64(bytes) {
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
function decodeBase64(text) {
    const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    const letters = text.length - padding;
    if (text.length % 4 !== 0)
        return undefined;
    const bytes = new Uint8Array((text.length / 4) * 3 - padding);
    let word = 0;
    let bits = 0;
    let at = 0;
    for (let i = 0; i < letters; i += 1) {
        const sextet = SEXTETS[text.charCodeAt(i)] ?? -1;
        if (sextet < 0)
            return undefined;
        word = ((word << 6) | sextet) & 0xffff;
        bits += 6;
        if (bits < 8)
            continue;
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
function sha256Constants() {
    const primes = [];
    for (let candidate = 2; primes.length < ROUNDS; candidate += 1) {
        if (primes.every((prime) => candidate % prime !== 0))
            primes.push(candidate);
    }
    const fraction = (root) => (root - Math.floor(root)) * 2 ** 32;
    return [
        Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)) | 0),
        Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)) | 0),
    ];
}

function sha256(bytes) {
    const length = Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES;
    const padded = new Uint8Array(length);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const input = new DataView(padded.buffer);
    input.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29));
    input.setUint32(length - 4, (bytes.length % 2 ** 29) * 8);
    const state = Int32Array.from(START);
    for (let at = 0; at < length; at += BLOCK_BYTES) {
        for (let i = 0; i < 16; i += 1)
            WORDS[i] = input.getInt32(at + i * 4);
        compress(state, WORDS);
    }
    const output = new DataView(new ArrayBuffer(HASH_BYTES));
    state.forEach((word, i) => {
        output.setInt32(i * 4, word);
    });
    return new Uint8Array(output.buffer);
}

/** One block (FIPS 180-4 6.2.2). The letters are the standard's. */
function compress(state, words) {
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

function rotate(word, by) {
    return (word >>> by) | (word << (32 - by));
}

function hmacSha256(key, message) {
    const padded = new Uint8Array(BLOCK_BYTES);
    padded.set(key.length > BLOCK_BYTES ? sha256(key) : key);
    const inner = sha256(concatBytes([padded.map((byte) => byte ^ 0x36), message]));
    return sha256(concatBytes([padded.map((byte) => byte ^ 0x5c), inner]));
}

// ---- Tree -----------------------------------------------------------------------------------------------------------
const HASH_BYTES = 32;

const LEAF_PREFIX = Uint8Array.of(0);

const NODE_PREFIX = Uint8Array.of(1);

function hashLeaf(leaf) {
    return sha256(concatBytes([LEAF_PREFIX, leaf]));
}

function hashNode(left, right) {
    return sha256(concatBytes([NODE_PREFIX, left, right]));
}

/** Whether the leaf is at `index` of the tree with this size and root (RFC 9162 2.1.3.2; every hash exactly 32 bytes). */
function includes({ index, size, leafHash, root, proof }) {
    if (!isPosition(index) || !isPosition(size) || index >= size || !areHashes([leafHash, root, ...proof]))
        return false;
    let node = index;
    let last = size - 1;
    let hash = leafHash;
    for (const sibling of proof) {
        if (last === 0)
            return false;
        if (isOdd(node) || node === last) {
            hash = hashNode(sibling, hash);
            while (!isOdd(node) && node !== 0) {
                node = half(node);
                last = half(last);
            }
        }
        else {
            hash = hashNode(hash, sibling);
        }
        node = half(node);
        last = half(last);
    }
    return last === 0 && equalBytes(hash, root);
}

/** Whether the second tree only appended to the first (RFC 9162 2.1.4.2; size1 ≥ 1; equal sizes need an empty proof). */
function isConsistent({ size1, size2, root1, root2, proof }) {
    if (!isPosition(size1) || !isPosition(size2) || size1 < 1 || size1 > size2)
        return false;
    if (!areHashes([root1, root2, ...proof]))
        return false;
    if (size1 === size2)
        return proof.length === 0 && equalBytes(root1, root2);
    const path = isPowerOfTwo(size1) ? [root1, ...proof] : [...proof];
    const first = path.shift();
    if (!first || proof.length === 0)
        return false;
    let node = size1 - 1;
    let last = size2 - 1;
    while (isOdd(node)) {
        node = half(node);
        last = half(last);
    }
    let before = first;
    let after = first;
    for (const hash of path) {
        if (last === 0)
            return false;
        if (isOdd(node) || node === last) {
            before = hashNode(hash, before);
            after = hashNode(hash, after);
            while (!isOdd(node) && node !== 0) {
                node = half(node);
                last = half(last);
            }
        }
        else {
            after = hashNode(after, hash);
        }
        node = half(node);
        last = half(last);
    }
    return last === 0 && equalBytes(before, root1) && equalBytes(after, root2);
}

// Positions may pass 2^31, where the bit operators of the language stop: division instead.
const half = (value) => Math.floor(value / 2);

const isOdd = (value) => value % 2 === 1;

const isPosition = (value) => Number.isSafeInteger(value) && value >= 0;

const areHashes = (hashes) => hashes.every((hash) => hash.length === HASH_BYTES);

function isPowerOfTwo(value) {
    let rest = value;
    while (rest > 1 && !isOdd(rest))
        rest = half(rest);
    return rest === 1;
}

// ---- Canonical JSON and commitments ---------------------------------------------------------------------------------
const LONE_SURROGATE = /\p{Surrogate}/u;

/** RFC 8785. Throws on what it forbids: numbers that are not finite, lone surrogates. */
function canonicalJson(value) {
    if (typeof value === "number" && !Number.isFinite(value))
        throw new Error("Not a JSON number");
    if (typeof value === "string" && LONE_SURROGATE.test(value))
        throw new Error("Lone surrogate");
    if (value === null || typeof value !== "object")
        return JSON.stringify(value);
    if (isList(value))
        return `[${value.map(canonicalJson).join(",")}]`;
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    members.sort(([one], [other]) => (one < other ? -1 : 1)); // by UTF-16 code units, as the language compares
    return `{${members.map(([key, member]) => `${canonicalJson(key)}:${canonicalJson(member)}`).join(",")}}`;
}

function isList(value) {
    return Array.isArray(value);
}

/** HMAC-SHA-256(salt, canonical payload): hides the payload until payload and salt are shown together. */
function commit(salt, payload) {
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

/** Reads a verifier key, `name+hash+base64(type ‖ public key)`; undefined when it is malformed or its hash is not its own. */
function readKey(vkey) {
    const [name = "", hash = "", ...rest] = vkey.split("+");
    const bytes = decodeBase64(rest.join("+"));
    if (!/^[^\s+]+$/u.test(name) || bytes?.length !== PUBLIC_KEY_BYTES + 1)
        return undefined;
    if (bytes[0] !== ED25519 && bytes[0] !== COSIGNATURE)
        return undefined;
    const own = keyHash(name, bytes);
    if (toHex(own) !== hash)
        return undefined;
    return { name, hash: own, kind: bytes[0] === ED25519 ? "log" : "witness", publicKey: bytes.subarray(1) };
}

/** The four bytes that name a key in a signature line: SHA-256(name ‖ "\n" ‖ type ‖ key). */
function keyHash(name, typedKey) {
    return sha256(concatBytes([utf8(`${name}\n`), typedKey])).subarray(0, 4);
}

/** Ed25519 by Web Crypto; false also for what is no key at all. */
async function verifyEd25519(publicKey, message, signature) {
    try {
        const key = await crypto.subtle.importKey("raw", Uint8Array.from(publicKey), "Ed25519", false, ["verify"]);
        return await crypto.subtle.verify("Ed25519", key, Uint8Array.from(signature), Uint8Array.from(message));
    }
    catch {
        return false;
    }
}

/** What a witness signs: the time, in seconds, then the text of the checkpoint. */
function cosignedText(text, seconds) {
    return `cosignature/v1\ntime ${seconds}\n${text}`;
}

/** Checks a signed note: every signature of a key we know must hold, and a log's must be among them. */
async function openNote(note, keys) {
    const parts = splitNote(note);
    if (!parts)
        return { kind: "malformed" };
    const signers = new Set();
    const cosignatures = [];
    let unknownSignatures = 0;
    for (const line of parts.signatures) {
        const key = keys.find((known) => known.name === line.name && equalBytes(known.hash, line.hash));
        if (!key) {
            unknownSignatures += 1;
        }
        else if (key.kind === "log") {
            if (!(await verifyEd25519(key.publicKey, utf8(parts.text), line.signature)))
                return { kind: "rejected", signer: line.name };
            signers.add(key.name);
        }
        else {
            const seconds = await cosignedAt(parts.text, key, line.signature);
            if (seconds === undefined)
                return { kind: "rejected", signer: line.name };
            cosignatures.push({ witness: `${key.name}+${toHex(key.hash)}`, seconds });
        }
    }
    if (signers.size === 0)
        return { kind: "unverified" };
    return { kind: "verified", text: parts.text, signers: [...signers], cosignatures, unknownSignatures };
}

async function cosignedAt(text, key, timed) {
    if (timed.length !== 8 + SIGNATURE_BYTES)
        return undefined;
    const seconds = Number(new DataView(Uint8Array.from(timed).buffer).getBigUint64(0));
    const message = utf8(cosignedText(text, seconds));
    const holds = Number.isSafeInteger(seconds) && (await verifyEd25519(key.publicKey, message, timed.subarray(8)));
    return holds ? seconds : undefined;
}

function splitNote(note) {
    const whole = readUtf8(note);
    if (whole === undefined || FORBIDDEN.test(whole) || !whole.endsWith("\n"))
        return undefined;
    const gap = whole.lastIndexOf("\n\n");
    if (gap < 0)
        return undefined;
    const lines = whole.slice(gap + 2, -1).split("\n");
    if (lines.length > MAX_SIGNATURES)
        return undefined;
    const signatures = lines.map(readSignatureLine).filter((signature) => signature !== undefined);
    return signatures.length === lines.length ? { text: whole.slice(0, gap + 1), signatures } : undefined;
}

function readSignatureLine(line) {
    const [, name = "", encoded = ""] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = decodeBase64(encoded);
    if (!bytes || bytes.length < 5)
        return undefined;
    return { name, hash: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** The three lines of a checkpoint: origin, size, root. No extension lines are accepted. */
function readCheckpoint(text) {
    const [origin = "", size = "", encoded = "", end, ...extensions] = text.split("\n");
    const root = decodeBase64(encoded);
    if (origin === "" || !/^(0|[1-9]\d{0,15})$/.test(size) || root?.length !== HASH_BYTES)
        return undefined;
    if (end !== "" || extensions.length > 0)
        return undefined;
    return { origin, size: Number(size), root };
}

/** Checks everything in a bundle against these keys; without keys, against those that the bundle names itself. */
async function verifyBundle(bundle, vkeys = bundle.keys) {
    const verdict = {
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
    const seen = new Set();
    for (const entry of bundle.entries) {
        verdict.entries += 1;
        const failure = seen.has(entry.index)
            ? "it is there twice"
            : checkEntry(entry, { origin: bundle.origin, checkpoints, verdict });
        seen.add(entry.index);
        if (failure)
            verdict.failures.push(`entry ${entry.index}${eventOf(entry)}: ${failure}`);
    }
    return verdict;
}

/** Names the event, so that whoever reads the failure finds it. */
function eventOf({ leaf }) {
    const envelope = readEnvelope(leaf);
    return envelope ? ` (${envelope.type} ${envelope.ref})` : "";
}

async function openCheckpoints(bundle, keys, verdict) {
    if (bundle.checkpoints.length === 0)
        verdict.failures.push("checkpoints: there is none");
    const opened = [];
    for (const [i, note] of bundle.checkpoints.entries()) {
        verdict.checkpoints += 1;
        const found = await openNote(utf8(note), keys);
        const checkpoint = found.kind === "verified" ? readCheckpoint(found.text) : undefined;
        if (!checkpoint)
            verdict.failures.push(`checkpoint ${i + 1}: the signature does not hold (${found.kind})`);
        else if (checkpoint.origin !== bundle.origin)
            verdict.failures.push(`checkpoint ${i + 1}: of another log`);
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

function checkConsistency(bundle, checkpoints, verdict) {
    if (bundle.consistency.length !== Math.max(0, checkpoints.length - 1)) {
        verdict.failures.push("consistency: not one proof between each checkpoint and the next");
    }
    for (let i = 1; i < checkpoints.length; i += 1) {
        const [before, after, proof] = [checkpoints[i - 1], checkpoints[i], hashes(bundle.consistency[i - 1] ?? [])];
        if (!before || !after)
            continue; // reported already
        const claim = { size1: before.size, root1: before.root, size2: after.size, root2: after.root };
        if (!proof || !isConsistent({ ...claim, proof })) {
            verdict.failures.push(`checkpoint ${i + 1}: it does not continue the one before`);
        }
    }
}

/** The first thing that does not hold, if any; what holds is added to the verdict. */
function checkEntry(entry, { origin, checkpoints, verdict }) {
    const envelope = readEnvelope(entry.leaf);
    if (!envelope)
        return "the leaf is not canonical JSON of an envelope";
    if (envelope.log !== origin)
        return "the leaf belongs to another log";
    const checkpoint = checkpoints.find((known) => known?.size === entry.size);
    const proof = hashes(entry.proof);
    if (!checkpoint || !proof)
        return "no checkpoint that holds covers it";
    const leafHash = hashLeaf(utf8(entry.leaf));
    if (!includes({ index: entry.index, size: entry.size, leafHash, root: checkpoint.root, proof })) {
        return "it is not in the checkpoint";
    }
    const { type, at, ref, subject } = envelope;
    const place = { index: entry.index, type, at, ref, subject };
    if (entry.opening) {
        if (entry.opening.kind === "sealed")
            verdict.sealed += 1;
        else if (isCommittedTo(entry.opening, envelope.commitment)) {
            verdict.proved.push({ ...place, payload: entry.opening.payload });
        }
        else
            return "the payload is not what was committed to";
    }
    for (const item of entry.items ?? []) {
        const failure = checkItem(item, envelope.commitment);
        if (failure)
            return `item ${item.position}: ${failure}`;
        if (item.opening.kind === "sealed")
            verdict.sealed += 1;
        else
            verdict.proved.push({ ...place, payload: item.opening.payload });
    }
    return undefined;
}

function checkItem(item, root) {
    const leafHash = decodeBase64(item.leafHash);
    const proof = hashes(item.proof);
    if (!leafHash || !proof || !includes({ index: item.position, size: item.size, leafHash, root, proof })) {
        return "it is not in the batch";
    }
    if (item.opening.kind === "sealed")
        return undefined;
    const commitment = commitmentOf(item.opening);
    const holds = commitment && equalBytes(hashLeaf(commitment), leafHash);
    return holds ? undefined : "the payload is not what was committed to";
}

function isCommittedTo(opening, commitment) {
    const own = opening.kind === "opened" ? commitmentOf(opening) : undefined;
    return own !== undefined && equalBytes(own, commitment);
}

function commitmentOf({ payload, salt }) {
    const bytes = decodeBase64(salt);
    return bytes?.length === HASH_BYTES ? commit(bytes, payload) : undefined;
}

function hashes(texts) {
    const decoded = texts.map(decodeBase64).filter((bytes) => bytes?.length === HASH_BYTES);
    return decoded.length === texts.length ? decoded.filter((bytes) => bytes !== undefined) : undefined;
}

function readEnvelope(leaf) {
    const value = parseJson(leaf);
    if (!isObject(value) || value.v !== 1 || canonicalJson(value) !== leaf)
        return undefined;
    const { log, type, at, ref, subj, c } = value;
    const commitment = typeof c === "string" ? decodeBase64(c) : undefined;
    if (typeof log !== "string" || typeof type !== "string" || typeof at !== "string" || typeof ref !== "string")
        return undefined;
    if ((subj !== null && typeof subj !== "string") || commitment?.length !== HASH_BYTES)
        return undefined;
    return { log, type, at, ref, subject: subj, commitment };
}

const BUNDLE_KEYS = ["format", "origin", "keys", "checkpoints", "consistency", "entries"];

/** Reads a bundle from its JSON text. */
function readBundle(text) {
    const value = parseJson(text);
    if (isBundle(value))
        return { kind: "bundle", bundle: value };
    const isMostly = isObject(value) && BUNDLE_KEYS.filter((key) => value[key] !== undefined).length >= 3;
    return { kind: isMostly ? "altered" : "unreadable" };
}

/** Undefined for what is no JSON, or has no canonical form (lone surrogates, nested past all reason). */
function parseJson(text) {
    try {
        const value = JSON.parse(text);
        canonicalJson(value);
        return value;
    }
    catch {
        return undefined;
    }
}

function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value) => typeof value === "string";

const isNumber = (value) => typeof value === "number";

/** Nothing in a bundle is a mere label: what is not checked may not be there. */
function hasOnly(value, keys) {
    return Object.keys(value).every((key) => keys.includes(key));
}

function isListOf(value, is) {
    return Array.isArray(value) && value.every(is);
}

function isBundle(value) {
    return (isObject(value) &&
        hasOnly(value, BUNDLE_KEYS) &&
        value.format === "contraste-evidence@1" &&
        isText(value.origin) &&
        isListOf(value.keys, isText) &&
        isListOf(value.checkpoints, isText) &&
        isListOf(value.consistency, (proof) => isListOf(proof, isText)) &&
        isListOf(value.entries, isBundledEntry));
}

function isBundledEntry(value) {
    return (isObject(value) &&
        hasOnly(value, ["index", "leaf", "size", "proof", "opening", "items"]) &&
        isNumber(value.index) &&
        isText(value.leaf) &&
        isNumber(value.size) &&
        isListOf(value.proof, isText) &&
        (value.opening === undefined || isOpening(value.opening)) &&
        (value.items === undefined || isListOf(value.items, isBundledItem)) &&
        (value.opening === undefined) !== (value.items === undefined));
}

function isBundledItem(value) {
    return (isObject(value) &&
        hasOnly(value, ["position", "size", "leafHash", "proof", "opening"]) &&
        isNumber(value.position) &&
        isNumber(value.size) &&
        isText(value.leafHash) &&
        isListOf(value.proof, isText) &&
        isOpening(value.opening));
}

function isOpening(value) {
    if (!isObject(value))
        return false;
    if (value.kind === "sealed")
        return hasOnly(value, ["kind"]);
    return (value.kind === "opened" &&
        hasOnly(value, ["kind", "payload", "salt"]) &&
        value.payload !== undefined &&
        isText(value.salt));
}

const LOCAL_HEADER = 0x04034b50;

const CENTRAL_HEADER = 0x02014b50;

const END = 0x06054b50;

const END_BYTES = 22;

const VERSION = 20;

const UTF8_NAMES = 0x0800;

const MIDNIGHT_1980 = 0x0021;

const MAX_FILES = 0xffff;

const CRC_TABLE = crcTable();

/** Packs these files, in this order. @throws RangeError for more than 65,535 files or 4 GiB, which takes another format */
function writeArchive(files) {
    if (files.length > MAX_FILES)
        throw new RangeError("An archive holds at most 65,535 files");
    const parts = [];
    const central = [];
    let at = 0;
    for (const { path, bytes } of files) {
        const name = utf8(path);
        const common = [VERSION, UTF8_NAMES, 0, 0, MIDNIGHT_1980];
        const sizes = [crc32(bytes), bytes.length, bytes.length];
        const local = [uint32([LOCAL_HEADER]), uint16(common), uint32(sizes), uint16([name.length, 0]), name];
        const fields = [uint32([CENTRAL_HEADER]), uint16([VERSION, ...common]), uint32(sizes)];
        central.push(...fields, uint16([name.length, 0, 0, 0, 0]), uint32([0, at]), name);
        parts.push(...local, bytes);
        at += lengthOf(local) + bytes.length;
    }
    const directory = lengthOf(central);
    if (at + directory > 0xffffffff)
        throw new RangeError("An archive is smaller than 4 GiB");
    const end = [uint32([END]), uint16([0, 0, files.length, files.length]), uint32([directory, at]), uint16([0])];
    return concatBytes([...parts, ...central, ...end]);
}

/** Reads an archive of uncompressed files; undefined when it is none. */
function readArchive(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
        const end = endOf(view);
        if (end === undefined)
            return undefined;
        const count = view.getUint16(end + 10, true);
        const files = [];
        for (let at = view.getUint32(end + 16, true); files.length < count;) {
            if (view.getUint32(at, true) !== CENTRAL_HEADER)
                return undefined;
            const [nameLength, more, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
            const path = readUtf8(bytes.subarray(at + 46, at + 46 + (nameLength ?? 0)));
            const local = view.getUint32(at + 42, true);
            const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
            const length = view.getUint32(at + 20, true);
            if (path === undefined || start + length > bytes.length)
                return undefined;
            files.push({ path, bytes: bytes.subarray(start, start + length) });
            at += 46 + (nameLength ?? 0) + (more ?? 0) + (comment ?? 0);
        }
        return { files, isExact: equalBytes(writeArchive(files), bytes) };
    }
    catch (error) {
        if (error instanceof RangeError)
            return undefined; // an offset points outside
        throw error;
    }
}

/** Where the last record begins; a comment after it may hide it by up to 64 KiB. */
function endOf(view) {
    const first = Math.max(0, view.byteLength - END_BYTES - MAX_FILES);
    for (let at = view.byteLength - END_BYTES; at >= first; at -= 1) {
        if (view.getUint32(at, true) === END)
            return at;
    }
    return undefined;
}

function uint16(values) {
    const view = new DataView(new ArrayBuffer(values.length * 2));
    for (const [i, value] of values.entries())
        view.setUint16(i * 2, value, true);
    return new Uint8Array(view.buffer);
}

function uint32(values) {
    const view = new DataView(new ArrayBuffer(values.length * 4));
    for (const [i, value] of values.entries())
        view.setUint32(i * 4, value, true);
    return new Uint8Array(view.buffer);
}

function lengthOf(parts) {
    return parts.reduce((length, part) => length + part.length, 0);
}

function crcTable() {
    return Int32Array.from({ length: 256 }, (_, byte) => {
        let crc = byte;
        for (let bit = 0; bit < 8; bit += 1)
            crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
        return crc;
    });
}

/** CRC-32 of ISO 3309, as zip wants it: against accidents. Against people there are the hashes of the manifest. */
function crc32(bytes) {
    let crc = -1;
    for (const byte of bytes)
        crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    return ~crc >>> 0;
}

/** The text of a `.tlog-proof` file. `extra` is base64 of the canonical JSON `{payload, salt}`. */
function writeTlogProof({ index, proof, checkpoint, opening }) {
    const lines = ["c2sp.org/tlog-proof@v1"];
    if (opening) {
        const { payload, salt } = opening;
        lines.push(`extra ${encodeBase64(utf8(canonicalJson({ payload, salt })))}`);
    }
    lines.push(`index ${index}`, ...proof, "", checkpoint);
    return lines.join("\n");
}

// A bundle as the files of one archive (compliance/design.md 2.4). What is in it is what is checked: the manifest names
// every file with its hash, and holds nothing else that a reader would have to believe.
const FORMAT = "contraste-evidence@2";

const MANIFEST = "manifest.json";

/** Above this, only `entries.jsonl` carries the proofs: an archive holds a limited number of files. */
const MAX_PROOF_FILES = 1_000;

function countsOf(bundle) {
    const openings = bundle.entries.flatMap(({ opening, items }) => opening ?? (items ?? []).map((item) => item.opening));
    const sealed = openings.filter(({ kind }) => kind === "sealed").length;
    return {
        checkpoints: bundle.checkpoints.length,
        entries: bundle.entries.length,
        opened: openings.length - sealed,
        sealed,
    };
}

/** The files that follow from the bundle alone. */
function filesOf({ checkpoints, consistency, keys, entries }) {
    const newest = checkpoints.at(-1) ?? "";
    const texts = [
        ["checkpoint", newest],
        ...checkpoints.slice(0, -1).map((note, i) => [`checkpoints/${i + 1}`, note]),
        ["consistency.json", canonicalJson(consistency)],
        ["entries.jsonl", entries.map((entry) => `${canonicalJson(jsonOf(entry))}\n`).join("")],
        ["keys.txt", keys.map((key) => `${key}\n`).join("")],
    ];
    if (entries.length <= MAX_PROOF_FILES) {
        for (const { index, proof, opening } of entries) {
            const opened = opening?.kind === "opened" ? opening : undefined;
            const text = writeTlogProof({ index, proof, checkpoint: newest, opening: opened });
            texts.push([`proofs/${index}.tlog-proof`, text]);
        }
    }
    return texts.map(([path, text]) => ({ path, bytes: utf8(text) }));
}

/** The same value, as the type of what can be written as JSON. */
function jsonOf(entry) {
    return {
        ...entry,
        opening: entry.opening && { ...entry.opening },
        items: entry.items?.map((item) => ({ ...item })),
    };
}

/** Reads a bundle: the archive, or the older form that was one JSON text. */
function readEvidence(bytes) {
    const archive = readArchive(bytes);
    if (!archive)
        return fromText(readUtf8(bytes));
    const files = new Map(archive.files.map(({ path, bytes: content }) => [path, content]));
    const text = (path) => readUtf8(files.get(path) ?? utf8(""));
    const manifest = parseJson(text(MANIFEST) ?? "");
    const isOurs = ["checkpoint", "entries.jsonl", "keys.txt", MANIFEST].filter((path) => files.has(path)).length >= 2;
    if (!isOurs)
        return { kind: "unreadable" };
    const failures = archive.isExact ? [] : ["archive: bytes were changed, added or packed anew"];
    if (files.size < archive.files.length)
        failures.push("archive: a file is there twice");
    const bundle = bundleOf(text, [...files.keys()], isObject(manifest) ? manifest.origin : undefined);
    if (!bundle)
        return { kind: "altered", failures: [...failures, "archive: entries, checkpoints or proofs cannot be read"] };
    const own = filesOf(bundle);
    for (const { path, bytes: expected } of own) {
        const found = files.get(path);
        if (!found || !equalBytes(found, expected))
            failures.push(`${path}: it does not follow from the entries`);
    }
    failures.push(...againstManifest(manifest, { files, bundle, isCanonical: text(MANIFEST) === canonicalOf(manifest) }));
    const ownPaths = new Set([MANIFEST, ...own.map(({ path }) => path)]);
    return { kind: "evidence", bundle, attachments: archive.files.filter(({ path }) => !ownPaths.has(path)), failures };
}

function fromText(text) {
    const read = text === undefined ? { kind: "unreadable" } : readBundle(text);
    if (read.kind === "bundle")
        return { ...read, kind: "evidence", attachments: [], failures: [] };
    return read.kind === "altered" ? { kind: "altered", failures: ["bundle: a part is missing or misspelt"] } : read;
}

function canonicalOf(value) {
    return value === undefined ? undefined : canonicalJson(value);
}

function againstManifest(manifest, { files, bundle, isCanonical }) {
    if (!isObject(manifest) || !isObject(manifest.files) || !isCanonical)
        return [`${MANIFEST}: it cannot be read`];
    const { counts = null, files: named, format = null, origin = null, ...others } = manifest;
    const failures = [];
    if (format !== FORMAT || Object.keys(others).length > 0)
        failures.push(`${MANIFEST}: of another format`);
    if (origin !== bundle.origin)
        failures.push(`${MANIFEST}: of another log`);
    if (canonicalJson(counts) !== canonicalJson(countsOf(bundle)))
        failures.push(`${MANIFEST}: the counts do not agree`);
    for (const [path, content] of files) {
        if (path !== MANIFEST && named[path] !== toHex(sha256(content)))
            failures.push(`${path}: not the file of the manifest`);
    }
    for (const path of Object.keys(named))
        if (!files.has(path))
            failures.push(`${path}: it is missing`);
    return failures;
}

function bundleOf(text, paths, origin) {
    const earlier = paths.filter((path) => path.startsWith("checkpoints/")).length;
    const notes = [...Array.from({ length: earlier }, (_, i) => text(`checkpoints/${i + 1}`)), text("checkpoint")];
    const checkpoints = notes.filter((note) => note !== undefined);
    const read = {
        format: "contraste-evidence@1",
        origin,
        keys: linesOf(text("keys.txt")),
        checkpoints,
        consistency: parseJson(text("consistency.json") ?? ""),
        entries: linesOf(text("entries.jsonl")).map(parseJson),
    };
    return checkpoints.length === notes.length && isBundle(read) ? read : undefined;
}

function linesOf(text) {
    return (text ?? "").split("\n").slice(0, -1);
}

/** What is recorded (compliance/design.md 1.3). The last three are kept as evidence and do not move the state. */
const consentEventTypes = [
    "requested",
    "confirmed",
    "granted",
    "renewed",
    "denied",
    "withdrawn",
    "invalidated",
    "expired",
    "evidence_added",
    "preference_read",
];

/** The act behind a recorded event; undefined for those that the reducer does not read. */
const actOf = {
    requested: "request",
    confirmed: "confirm",
    granted: "grant",
    renewed: "renew",
    denied: "deny",
    withdrawn: "withdraw",
    invalidated: "invalidate",
    expired: undefined, // the reducer expires by itself: the event only tells people
    evidence_added: undefined,
    preference_read: undefined,
};

/** Whether an event counts as complete: class A always, class B only with all five pieces. */
function isComplete(sourceClass, evidence) {
    if (sourceClass === "A")
        return true;
    const { actAt, wordingVersionId, sourceSystem, evidenceFileHash, attester } = evidence;
    return Boolean(actAt && wordingVersionId && sourceSystem && evidenceFileHash && attester);
}

/** How far a withdrawal reaches: the purpose, all marketing (default of a STOP), or everything. */
const consentScopes = ["purpose", "all_marketing", "all"];
const HOUR_MS = 3_600_000;

const DAY_MS = 24 * HOUR_MS;

/** At equal times the restrictive act comes last and wins. */
const RANK = {
    request: 0,
    confirm: 1,
    grant: 1,
    renew: 1,
    deny: 2,
    withdraw: 3,
    invalidate: 3,
};

/**
 * The state of one contact, purpose and channel at `at`, from all its events in order of arrival. Pure: the projection in
 * the database must equal it. The rules are numbered as in compliance/design.md 1.4; days have 24 hours.
 */
function fold(policy, events, at) {
    let state = { status: "none", expiresAt: null, pendingUntil: null };
    for (const event of inOrder(events, at)) {
        state = act(policy, expire(state, event.occurredAt), event);
    }
    return expire(state, at);
}

/** Rule 1. The sort is stable, so that arrival decides last. */
function inOrder(events, at) {
    return events
        .filter((event) => event.occurredAt <= at)
        .sort((one, other) => +one.occurredAt - +other.occurredAt || RANK[one.act] - RANK[other.act]);
}

/** Rule 2. */
function expire(state, at) {
    const over = (state.status === "granted" && state.expiresAt !== null && state.expiresAt <= at) ||
        (state.status === "pending" && state.pendingUntil !== null && state.pendingUntil < at);
    return over ? ended("expired") : state;
}

function act(policy, state, event) {
    switch (event.act) {
        case "grant":
            return policy.doubleOptIn || !event.complete ? request(policy, state, event) : grant(policy, state, event);
        case "request":
            return request(policy, state, event);
        case "confirm": // rule 6
            return event.sourceClass === "A" && state.status === "pending" ? granted(policy, event.occurredAt) : state;
        case "renew": // rule 7
            return event.sourceClass === "A" && state.status === "granted" ? extended(policy, state, event) : state;
        case "deny": // rule 8
            if (state.status === "granted")
                return ended("withdrawn");
            return state.status === "withdrawn" || state.status === "invalidated" ? state : ended("denied");
        case "withdraw": // rule 9
            return ended("withdrawn");
        case "invalidate": // rule 10
            return state.status === "granted" || state.status === "pending" ? ended("invalidated") : state;
    }
}

/** Rule 4, for a complete grant where no second confirmation is asked. */
function grant(policy, state, event) {
    if (state.status === "granted")
        return event.sourceClass === "A" ? extended(policy, state, event) : state;
    return mayReopen(state, event) ? granted(policy, event.occurredAt) : state;
}

/** Rule 5. */
function request(policy, state, event) {
    if (state.status === "granted" || !mayReopen(state, event))
        return state;
    const pendingUntil = new Date(+event.occurredAt + policy.pendingHours * HOUR_MS);
    return { status: "pending", expiresAt: null, pendingUntil };
}

/** Rule 3: after a refusal only an act of the person opens the matter again; what others report never does. */
function mayReopen(state, event) {
    const closed = state.status === "withdrawn" || state.status === "denied" || state.status === "invalidated";
    return !closed || event.sourceClass === "A";
}

function granted(policy, at) {
    return { status: "granted", expiresAt: new Date(+at + policy.validityDays * DAY_MS), pendingUntil: null };
}

/** A longer term, never a shorter one. */
function extended(policy, state, event) {
    const renewed = granted(policy, event.occurredAt);
    return state.expiresAt && renewed.expiresAt && state.expiresAt > renewed.expiresAt ? state : renewed;
}

function ended(status) {
    return { status, expiresAt: null, pendingUntil: null };
}

/**
 * The rows of one contact, from its events alone: whoever drops and rebuilds them gets the very same ones (I5), whatever
 * the time of day.
 */
function projectStates(purposes, events) {
    return purposes.flatMap((purpose) => {
        const own = events.filter((event) => concerns(event, purpose));
        const facts = own.flatMap((event) => factOf(event));
        const last = facts.reduce((latest, { occurredAt }) => later(latest, occurredAt), undefined);
        if (!last)
            return [];
        const state = fold(purpose, facts, last);
        const basis = state.status === "granted" ? basisOf(purpose, facts, state.expiresAt) : undefined;
        const updatedAt = own.reduce((latest, event) => later(latest, event.recordedAt), undefined) ?? last;
        const wording = basis && (basis.event.wordingVersionId ?? wordingBefore(facts, basis));
        return [
            {
                purposeId: purpose.purposeId,
                ...state,
                basisEventId: basis?.event.id ?? null,
                wordingVersionId: wording ?? null,
                lastOccurredAt: last,
                updatedAt,
            },
        ];
    });
}

/** The status at a moment after the last event: what expired since, has (rule 2 of the reducer). */
function statusAt(state, at) {
    if (state.status === "granted" && state.expiresAt && state.expiresAt <= at)
        return "expired";
    return state.status === "pending" && state.pendingUntil && state.pendingUntil < at ? "expired" : state.status;
}

function concerns({ scope, purposeId }, purpose) {
    if (scope === "purpose")
        return purposeId === purpose.purposeId;
    return scope === "all" || purpose.isMarketing;
}

function factOf(event) {
    const act = actOf[event.type];
    const { occurredAt, sourceClass, isComplete } = event;
    return act ? [{ act, occurredAt, sourceClass, complete: isComplete, event }] : [];
}

/** The consent that a granted state rests on: the latest of the acts whose term is the state's term. */
function basisOf(policy, facts, expiresAt) {
    const termMs = policy.validityDays * 86_400_000;
    return facts.findLast(({ act, occurredAt, complete, sourceClass }) => (act === "confirm" || act === "renew" ? sourceClass === "A" : act === "grant" && complete) &&
        expiresAt?.getTime() === occurredAt.getTime() + termMs);
}

/** A confirmation answers the question that was asked before it, under that question's wording. */
function wordingBefore(facts, basis) {
    const asked = facts.filter(({ occurredAt, event }) => occurredAt <= basis.occurredAt && event.wordingVersionId !== null);
    asked.sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
    return asked.at(-1)?.event.wordingVersionId ?? null;
}

function later(one, other) {
    return one && one > other ? one : other;
}

/**
 * Folds the consent behind every proved attempt again, from proved events and proved purposes alone: what the database
 * says about it plays no part. Only events that had been recorded when the gate decided count. A message of a campaign rests
 * on a consent and nothing else, and no attempt skipped a check that its basis asks (compliance I1).
 */
function checkSends(proved) {
    const payloads = proved.map((row) => row.payload);
    const events = payloads.map(readEvent).filter((event) => event !== undefined);
    const eventById = new Map(events.map((event) => [event.id, event]));
    const eventsByContact = new Map(events.map(({ contact }) => [contact, []]));
    for (const event of events)
        eventsByContact.get(event.contact)?.push(event);
    const purposes = payloads.map(readPurpose).filter((purpose) => purpose !== undefined);
    const purposeById = new Map(purposes.map((purpose) => [purpose.purposeId, purpose]));
    const ownSince = new Map(proved.map(readOwnNumber).filter((own) => own !== undefined));
    const verdict = {
        consented: 0,
        grounds: { service: 0, request: 0, test: 0 },
        failures: [],
        unread: 0,
    };
    for (const payload of payloads) {
        if (!isObject(payload) || payload.attempt === undefined || payload.basis === undefined)
            continue;
        const attempt = readAttempt(payload);
        if (!attempt) {
            verdict.failures.push(`attempt ${String(payload.attempt)}: on what it rests cannot be read`);
            continue;
        }
        const { id, basis, basisEvent, authorisedAt } = attempt;
        const fail = (what) => verdict.failures.push(`attempt ${id}: ${what} at ${authorisedAt.toISOString()}`);
        const wrong = wrongGate(attempt);
        if (wrong)
            fail(wrong);
        else if (basis === "service")
            verdict.grounds.service += 1;
        else if (basis === "test") {
            const since = ownSince.get(basisEvent);
            if (!since)
                verdict.unread += 1;
            else if (since <= authorisedAt)
                verdict.grounds.test += 1;
            else
                fail("the number was not declared as our own yet");
        }
        else {
            const event = eventById.get(basisEvent);
            const purpose = purposeById.get(event?.purposeId ?? "");
            const history = eventsByContact.get(event?.contact ?? "") ?? [];
            if (!event || !purpose)
                verdict.unread += 1;
            else if (!stoodAt(attempt, history, purpose))
                fail(basis === "consent" ? "no consent stood" : "no request waited");
            else if (basis === "consent")
                verdict.consented += 1;
            else
                verdict.grounds.request += 1;
        }
    }
    return verdict;
}

/** Whether the consent stood, or the request waited for an answer, when the gate decided. */
function stoodAt({ basis, authorisedAt, basisEvent }, history, policy) {
    const known = history.filter(({ recordedAt, occurredAt }) => recordedAt <= authorisedAt && occurredAt <= authorisedAt);
    const [state] = projectStates([policy], known);
    const status = state && statusAt(state, authorisedAt);
    return basis === "request" ? status === "pending" : status === "granted" && state?.basisEventId === basisEvent;
}

const ALL_CHECKS = 0b1111_1111_1111;

/** Checks of the gate that a basis does not ask (compliance I1), bit i − 1 for check i: 2 and 12 are about campaigns. */
const NOT_ASKED = {
    consent: 0,
    request: 0b1000_0000_0010,
    service: 0b1001_1011_0110,
    test: 0b1001_1000_0010,
};

/** What the gate must not have done, by the attempt's own words. */
function wrongGate({ basis, campaign, checks, notEvaluated }) {
    if (campaign !== null && basis !== "consent")
        return `a message of a campaign rests on ${basis}`;
    if ((notEvaluated & ~NOT_ASKED[basis]) !== 0)
        return "a check that its basis asks was left out";
    return (checks | notEvaluated) === ALL_CHECKS ? undefined : "a check did not pass";
}

const bases = ["consent", "request", "service", "test"];

function readAttempt(payload) {
    const { attempt: id, basisEvent, campaign, checks, notEvaluated } = payload;
    const basis = bases.find((one) => one === payload.basis);
    const authorisedAt = instant(payload.authorisedAt);
    if (typeof id !== "string" || typeof basisEvent !== "string" || !basis || !authorisedAt)
        return undefined;
    if (typeof checks !== "number" || typeof notEvaluated !== "number")
        return undefined;
    return {
        id,
        basis,
        basisEvent,
        campaign: typeof campaign === "string" ? campaign : null,
        checks,
        notEvaluated,
        authorisedAt,
    };
}

/** Id of a number of the organisation's own people, and when it was declared. */
function readOwnNumber({ payload, at }) {
    const data = isObject(payload) && payload.type === "own_number.declared" ? payload.data : undefined;
    const since = instant(at);
    return isObject(data) && typeof data.own === "string" && since ? [data.own, since] : undefined;
}

function readEvent(payload) {
    if (!isObject(payload))
        return undefined;
    const { event: id, contact, purpose = null, wordingVersion = null, class: sourceClass, complete: isComplete, } = payload;
    const type = consentEventTypes.find((one) => one === payload.type);
    const scope = consentScopes.find((one) => one === payload.scope);
    const [occurredAt, recordedAt] = [instant(payload.occurredAt), instant(payload.recordedAt)];
    if (typeof id !== "string" || typeof contact !== "string" || typeof isComplete !== "boolean")
        return undefined;
    if (!type || !scope || !occurredAt || !recordedAt || (sourceClass !== "A" && sourceClass !== "B"))
        return undefined;
    if (purpose !== null && typeof purpose !== "string")
        return undefined;
    if (wordingVersion !== null && typeof wordingVersion !== "string")
        return undefined;
    const history = { id, type, scope, occurredAt, recordedAt, sourceClass, isComplete };
    return { ...history, contact, purposeId: purpose, wordingVersionId: wordingVersion };
}

function readPurpose(payload) {
    const data = isObject(payload) && payload.type === "purpose.created" ? payload.data : undefined;
    if (!isObject(data))
        return undefined;
    const { id, category, doubleOptIn, pendingHours, validityDays } = data;
    if (typeof id !== "string" || typeof category !== "string" || typeof doubleOptIn !== "boolean")
        return undefined;
    if (typeof pendingHours !== "number" || typeof validityDays !== "number")
        return undefined;
    return { purposeId: id, isMarketing: category === "MARKETING", doubleOptIn, pendingHours, validityDays };
}

function instant(value) {
    const date = typeof value === "string" ? new Date(value) : undefined;
    return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/**
 * Checks everything in a bundle, without database or network: the archive, signatures, cosignatures, inclusion, consistency,
 * commitments, texts that were agreed to, and what every send rests on, folded again from proved events.
 */
async function verifyEvidence(bytes, { keys, witnesses = 0 } = {}) {
    const read = readEvidence(bytes);
    if (read.kind === "unreadable")
        return read;
    if (read.kind === "altered")
        return { kind: "verdict", ...nothing, failures: read.failures };
    const { bundle, attachments } = read;
    const verdict = await verifyBundle(bundle, keys ?? bundle.keys);
    const sends = checkSends(verdict.proved);
    const newest = verdict.cosignatures.filter(({ size }) => size === verdict.size);
    const seenBy = new Set(newest.filter(({ witness }) => isTrusted(witness, keys ?? bundle.keys)).map(nameOf)).size;
    const quorum = seenBy < witnesses ? [`checkpoint: ${seenBy} of ${witnesses} witnesses cosigned it`] : [];
    const wordings = againstLog(attachments, verdict.proved);
    return {
        kind: "verdict",
        failures: [...read.failures, ...verdict.failures, ...quorum, ...wordings, ...sends.failures],
        origin: bundle.origin,
        keys: [...bundle.keys],
        checkpoints: verdict.checkpoints,
        size: verdict.size,
        entries: verdict.entries,
        opened: verdict.proved.length,
        sealed: verdict.sealed,
        consented: sends.consented,
        grounds: sends.grounds,
        unread: sends.unread,
        cosignatures: verdict.cosignatures,
    };
}

const nothing = {
    origin: "",
    keys: [],
    checkpoints: 0,
    size: 0,
    entries: 0,
    opened: 0,
    sealed: 0,
    consented: 0,
    grounds: { service: 0, request: 0, test: 0 },
    unread: 0,
    cosignatures: [],
};

const nameOf = ({ witness }) => witness;

function isTrusted(witness, keys) {
    return keys.some((key) => key.startsWith(`${witness}+`) && readKey(key)?.kind === "witness");
}

const WORDING_FILE = /^wordings\/([^/]+)\.txt$/;

/** A text that people agreed to must be the one that the log committed to when it was published. */
function againstLog(attachments, proved) {
    const published = new Map(wordingsOf(proved));
    return attachments.flatMap(({ path, bytes }) => {
        const id = WORDING_FILE.exec(path)?.[1];
        if (id === undefined || published.get(id) === readUtf8(bytes))
            return [];
        return [`${path}: not a text that the log commits to`];
    });
}

/** Id and text of every wording whose publication is proved. */
function wordingsOf(proved) {
    return proved.flatMap(({ payload }) => {
        const data = isObject(payload) && payload.type === "wording.published" ? payload.data : undefined;
        return isObject(data) && typeof data.id === "string" && typeof data.text === "string" ? [[data.id, data.text]] : [];
    });
}
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const MAX_FAILURES = 20;

const USAGE = "Usage: verify BUNDLE [--key VKEY]… [--witnesses N]";

class Unreadable extends Error {
}

async function main(args) {
    const { path, keys, witnesses } = readArguments(args);
    const found = await verifyEvidence(readBytes(path), { keys, witnesses });
    if (found.kind === "unreadable")
        throw new Unreadable(`${path} is not an evidence bundle`);
    const { failures, cosignatures } = found;
    for (const failure of failures.slice(0, MAX_FAILURES))
        console.log(`FAILED ${failure}`);
    if (failures.length > MAX_FAILURES)
        console.log(`… and ${failures.length - MAX_FAILURES} more`);
    console.log(`log ${found.origin}: ${found.checkpoints} checkpoint(s), ${found.entries} of ${found.size} entries`);
    for (const { witness, size, seconds } of cosignatures) {
        console.log(`  witness ${witness} saw ${size} entries at ${new Date(seconds * 1_000).toISOString()}`);
    }
    console.log(`${found.opened} payload(s) opened, ${found.sealed} sealed (the person was erased)`);
    const { consented, unread, grounds } = found;
    console.log(`${consented} send(s) with a consent that stood, ${unread} whose event is not readable here`);
    for (const [count, what] of [
        [grounds.service, "answer(s) to what the person wrote, which is not in the log: no consent is asked for"],
        [grounds.request, "question(s) to a person whose own request waited for their answer"],
        [grounds.test, "test(s) to a number that one of the organisation's own people had declared"],
    ])
        if (count > 0)
            console.log(`  ${count} ${what}`);
    if (!keys) {
        console.log("Checked with the key that the bundle names itself. Ask for the log's key on another way and pass it as --key:");
        for (const key of found.keys)
            console.log(`  ${key}`);
    }
    console.log(failures.length === 0 ? "Everything holds." : `${failures.length} failure(s).`);
    return failures.length === 0 ? 0 : 1;
}

function readArguments(args) {
    try {
        const { values, positionals } = parseArgs({
            args: [...args],
            options: { key: { type: "string", multiple: true }, witnesses: { type: "string", default: "0" } },
            allowPositionals: true,
        });
        const [path, ...others] = positionals;
        const witnesses = Number(values.witnesses);
        if (path === undefined || others.length > 0 || !Number.isInteger(witnesses))
            throw new Unreadable(USAGE);
        return { path, keys: values.key, witnesses };
    }
    catch (error) {
        throw new Unreadable(error instanceof Unreadable ? error.message : USAGE);
    }
}

function readBytes(path) {
    try {
        return readFileSync(path);
    }
    catch {
        throw new Unreadable(`${path} cannot be read`);
    }
}

try {
    process.exitCode = await main(process.argv.slice(2));
}
catch (error) {
    if (!(error instanceof Unreadable))
        throw error;
    console.error(error.message);
    process.exitCode = 2;
}
