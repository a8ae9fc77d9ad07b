import { type ArchiveFile, readArchive, writeArchive } from "./archive";
import { writeTlogProof } from "./tlog-proof";
import {
  type Bundle,
  type BundledEntry,
  canonicalJson,
  equalBytes,
  isBundle,
  isObject,
  type Json,
  parseJson,
  type ReadBundle,
  readBundle,
  readUtf8,
  sha256,
  toHex,
  utf8,
} from "./verifier";

// A bundle as the files of one archive (compliance/design.md 2.4). What is in it is what is checked: the manifest names
// every file with its hash, and holds nothing else that a reader would have to believe.

const FORMAT = "contraste-evidence@2";
const MANIFEST = "manifest.json";
/** Above this, only `entries.jsonl` carries the proofs: an archive holds a limited number of files. */
const MAX_PROOF_FILES = 1_000;

/** Beside what is proved: texts for people (`report.html`, `report.csv`), texts that people agreed to (`wordings/…`), tools. */
export type Attachments = readonly ArchiveFile[];

/** The archive of a bundle. */
export function writeEvidence(bundle: Bundle, attachments: Attachments): Uint8Array {
  const files = [...filesOf(bundle), ...attachments];
  const manifest = {
    counts: countsOf(bundle),
    files: Object.fromEntries(files.map(({ path, bytes }) => [path, toHex(sha256(bytes))])),
    format: FORMAT,
    origin: bundle.origin,
  };
  return writeArchive([{ path: MANIFEST, bytes: utf8(canonicalJson(manifest)) }, ...files]);
}

function countsOf(bundle: Bundle): { [kind: string]: number } {
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
function filesOf({ checkpoints, consistency, keys, entries }: Bundle): ArchiveFile[] {
  const newest = checkpoints.at(-1) ?? "";
  const texts: [string, string][] = [
    ["checkpoint", newest],
    ...checkpoints.slice(0, -1).map((note, i): [string, string] => [`checkpoints/${i + 1}`, note]),
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
function jsonOf(entry: BundledEntry): Json {
  return {
    ...entry,
    opening: entry.opening && { ...entry.opening },
    items: entry.items?.map((item) => ({ ...item })),
  } as {
    [key: string]: Json; // absent members are left out by canonicalJson
  };
}

/**
 * `failures` are what the archive itself has against it; the bundle's own are found by `verifyBundle`. `altered`: a bundle by
 * most of its marks, from which nothing can be taken.
 */
export type ReadEvidence =
  | { kind: "evidence"; bundle: Bundle; attachments: Attachments; failures: string[] }
  | { kind: "altered"; failures: string[] }
  | { kind: "unreadable" };

/** Reads a bundle: the archive, or the older form that was one JSON text. */
export function readEvidence(bytes: Uint8Array): ReadEvidence {
  const archive = readArchive(bytes);
  if (!archive) return fromText(readUtf8(bytes));
  const files = new Map(archive.files.map(({ path, bytes: content }) => [path, content]));
  const text = (path: string) => readUtf8(files.get(path) ?? utf8(""));
  const manifest = parseJson(text(MANIFEST) ?? "");
  const isOurs = ["checkpoint", "entries.jsonl", "keys.txt", MANIFEST].filter((path) => files.has(path)).length >= 2;
  if (!isOurs) return { kind: "unreadable" };
  const failures = archive.isExact ? [] : ["archive: bytes were changed, added or packed anew"];
  if (files.size < archive.files.length) failures.push("archive: a file is there twice");
  const bundle = bundleOf(text, [...files.keys()], isObject(manifest) ? manifest.origin : undefined);
  if (!bundle)
    return { kind: "altered", failures: [...failures, "archive: entries, checkpoints or proofs cannot be read"] };
  const own = filesOf(bundle);
  for (const { path, bytes: expected } of own) {
    const found = files.get(path);
    if (!found || !equalBytes(found, expected)) failures.push(`${path}: it does not follow from the entries`);
  }
  failures.push(...againstManifest(manifest, { files, bundle, isCanonical: text(MANIFEST) === canonicalOf(manifest) }));
  const ownPaths = new Set([MANIFEST, ...own.map(({ path }) => path)]);
  return { kind: "evidence", bundle, attachments: archive.files.filter(({ path }) => !ownPaths.has(path)), failures };
}

function fromText(text: string | undefined): ReadEvidence {
  const read: ReadBundle = text === undefined ? { kind: "unreadable" } : readBundle(text);
  if (read.kind === "bundle") return { ...read, kind: "evidence", attachments: [], failures: [] };
  return read.kind === "altered" ? { kind: "altered", failures: ["bundle: a part is missing or misspelt"] } : read;
}

function canonicalOf(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function againstManifest(
  manifest: Json | undefined,
  { files, bundle, isCanonical }: { files: ReadonlyMap<string, Uint8Array>; bundle: Bundle; isCanonical: boolean },
): string[] {
  if (!isObject(manifest) || !isObject(manifest.files) || !isCanonical) return [`${MANIFEST}: it cannot be read`];
  const { counts = null, files: named, format = null, origin = null, ...others } = manifest;
  const failures: string[] = [];
  if (format !== FORMAT || Object.keys(others).length > 0) failures.push(`${MANIFEST}: of another format`);
  if (origin !== bundle.origin) failures.push(`${MANIFEST}: of another log`);
  if (canonicalJson(counts) !== canonicalJson(countsOf(bundle))) failures.push(`${MANIFEST}: the counts do not agree`);
  for (const [path, content] of files) {
    if (path !== MANIFEST && named[path] !== toHex(sha256(content)))
      failures.push(`${path}: not the file of the manifest`);
  }
  for (const path of Object.keys(named)) if (!files.has(path)) failures.push(`${path}: it is missing`);
  return failures;
}

function bundleOf(
  text: (path: string) => string | undefined,
  paths: readonly string[],
  origin: Json | undefined,
): Bundle | undefined {
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

function linesOf(text: string | undefined): string[] {
  return (text ?? "").split("\n").slice(0, -1);
}
