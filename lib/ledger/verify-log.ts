import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { hashLeaf, hashNode } from "./hash";
import { foldSubtrees, rootOf } from "./merkle";
import { auditPayloads, commits, type PayloadKeys } from "./payload-audit";
import { TILE_WIDTH } from "./tiles";
import {
  equalBytes,
  isObject,
  type NoteKey,
  openNote,
  parseJson,
  readCheckpoint,
  readCosignature,
  readKey,
} from "./verifier";

const PAGE_ENTRIES = 2_000;
const MAX_PROBLEMS = 20;

type ProblemKind =
  | "gap" // an index is missing or an entry is not there
  | "leaf" // the leaf does not hash to what was recorded
  | "batch" // the items of a batch do not have the root that the entry commits to
  | "payload" // a stored payload does not open, or is not what was committed to
  | "tile" // a stored tile is missing, or not what the leaves give
  | "checkpoint" // a signed root is not the root of the entries, or the log is shorter
  | "signature" // a checkpoint's note does not hold
  | "cosignature" // what a witness said does not hold, or of a checkpoint that is not there
  | "lost"; // an entry that will never be sequenced

export interface LogVerification {
  size: number;
  root: Buffer;
  checkpoints: number;
  /** Entries not sequenced yet: the only ones that could be changed unseen. */
  pending: number;
  /** Stored payloads that were opened and hold, and those whose key was destroyed; zero when no keys were given. */
  opened: number;
  sealed: number;
  problemCount: number;
  /** The first 20. `at` is the entry's index or id, the tile or the size of the checkpoint. */
  problems: { kind: ProblemKind; at: string }[];
}

export interface VerifyLogOptions {
  payloadKeys?: PayloadKeys | undefined;
  /** Told how many entries were read, after each page. What it throws ends the verification. */
  onProgress?: ((entries: number) => Promise<void>) | undefined;
}

/**
 * Recomputes the whole log from its rows: every leaf, batch root, tile, root and signature. Reads one snapshot in pages,
 * so memory does not grow with the log. `verifierKeys` are the log's keys (`name+hash+base64`). With `payloadKeys` every
 * stored payload is opened and compared too.
 */
export function verifyLog(
  db: Db,
  verifierKeys: readonly string[],
  { payloadKeys, onProgress }: VerifyLogOptions = {},
): Promise<LogVerification> {
  const keys = verifierKeys.map(readKey).filter((key) => key !== undefined);
  return db.transaction((tx) => new LogAudit(tx, keys, payloadKeys).run(onProgress), {
    isolationLevel: "repeatable read",
    accessMode: "read only",
  });
}

interface EntryRow {
  idx: string;
  lane: number;
  id: string;
  hash: Buffer;
  leaf: Buffer | null;
  entry_hash: Buffer | null;
  type: string | null;
  at: string | null;
}

interface CheckpointRow {
  size: number;
  root: Buffer;
  note: string;
}

class LogAudit {
  readonly #db: Db;
  readonly #keys: readonly NoteKey[];
  readonly #tree = new GrowingTree();
  readonly #problems: LogVerification["problems"] = [];
  readonly #payloadKeys: PayloadKeys | undefined;
  readonly #payloads = { opened: 0, sealed: 0 };
  #problemCount = 0;

  constructor(db: Db, keys: readonly NoteKey[], payloadKeys: PayloadKeys | undefined) {
    this.#db = db;
    this.#keys = keys;
    this.#payloadKeys = payloadKeys;
  }

  async run(onProgress?: VerifyLogOptions["onProgress"]): Promise<LogVerification> {
    const checkpoints = await this.#checkpoints();
    let next = 0;
    for (;;) {
      const page = await this.#page(this.#tree.size);
      if (page.length === 0) break;
      await this.#checkBatches(page);
      await this.#checkPayloads(page);
      for (const row of page) {
        this.#checkEntry(row);
        await this.#addToTree(row.hash);
        for (; checkpoints[next]?.size === this.#tree.size; next += 1) await this.#checkCheckpoint(checkpoints[next]);
      }
      await onProgress?.(this.#tree.size);
    }
    for (const shorter of checkpoints.slice(next)) this.#found("checkpoint", shorter.size);
    await this.#checkCosignatures(new Map(checkpoints.map(({ size, note }) => [size, note])));
    await this.#checkTileCounts();
    return {
      size: this.#tree.size,
      root: this.#tree.root(),
      checkpoints: checkpoints.length,
      pending: await this.#count(sql`select count(*) as n from log_pending`),
      ...this.#payloads,
      problemCount: this.#problemCount,
      problems: this.#problems,
    };
  }

  #found(kind: ProblemKind, at: string | number): void {
    this.#problemCount += 1;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ kind, at: String(at) });
  }

  async #checkpoints(): Promise<CheckpointRow[]> {
    const rows = await this.#db.execute<{ size: string; root: Buffer; note: string }>(
      sql`select size, root, note from log_checkpoints order by size`,
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  async #page(from: number): Promise<EntryRow[]> {
    const rows = await this.#db.execute<EntryRow & Record<string, unknown>>(sql`
      select place.idx, place.lane, place.entry_id as id, place.leaf_hash as hash, entry.leaf, entry.leaf_hash as entry_hash, entry.type,
        entry.recorded_at as at
      from log_sequence place
      left join log_entries entry on entry.lane = place.lane and entry.id = place.entry_id
      where place.idx >= ${from} order by place.idx limit ${PAGE_ENTRIES}`);
    const gap = rows.findIndex((row, i) => Number(row.idx) !== from + i);
    if (gap < 0) return [...rows];
    this.#found("gap", from + gap); // what follows a missing index cannot be placed in the tree
    return rows.slice(0, gap);
  }

  #checkEntry(row: EntryRow): void {
    if (!row.leaf || !row.entry_hash) this.#found("gap", row.idx);
    else if (!row.hash.equals(row.entry_hash) || !row.hash.equals(hashLeaf(row.leaf))) this.#found("leaf", row.idx);
    else if (!isLabelled(row)) this.#found("leaf", row.idx);
  }

  async #checkBatches(page: readonly EntryRow[]): Promise<void> {
    const lanes = array(
      page.map((row) => row.lane),
      "smallint",
    );
    const ids = array(
      page.map((row) => row.id),
      "uuid",
    );
    const items = await this.#db.execute<{ id: string; hash: Buffer }>(sql`
      select item.entry_id as id, item.leaf_hash as hash
      from unnest(${lanes}, ${ids}) as entry (lane, id)
      join log_batch_items item on item.lane = entry.lane and item.entry_id = entry.id
      order by item.entry_id, item.position`);
    const batches = new Map<string, Buffer[]>();
    for (const { id, hash } of items) {
      const hashes = batches.get(id);
      if (hashes) hashes.push(hash);
      else batches.set(id, [hash]);
    }
    for (const row of page) {
      const hashes = batches.get(row.id);
      if (hashes && row.leaf && !commits(row.leaf, rootOf(hashes))) this.#found("batch", row.idx);
    }
  }

  async #checkPayloads(page: readonly EntryRow[]): Promise<void> {
    if (!this.#payloadKeys) return;
    const { opened, sealed, altered } = await auditPayloads(this.#db, page, this.#payloadKeys);
    this.#payloads.opened += opened;
    this.#payloads.sealed += sealed;
    for (const entryId of altered) this.#found("payload", entryId);
  }

  async #addToTree(hash: Buffer): Promise<void> {
    for (const { level, n, hashes } of this.#tree.add(hash)) {
      const [tile] = await this.#db.execute<{ data: Buffer; root: Buffer }>(
        sql`select data, root from log_tiles where level = ${level} and n = ${n}`,
      );
      const holds = tile?.data.equals(Buffer.concat(hashes)) && tile.root.equals(rootOf(hashes));
      if (!holds) this.#found("tile", `${level}/${n}`);
    }
  }

  async #checkCheckpoint(checkpoint: CheckpointRow | undefined): Promise<void> {
    if (!checkpoint) return;
    if (!checkpoint.root.equals(this.#tree.root())) this.#found("checkpoint", checkpoint.size);
    const opened = await openNote(Buffer.from(checkpoint.note), this.#keys);
    const signed = opened.kind === "verified" ? readCheckpoint(opened.text) : undefined;
    if (opened.kind === "verified" && opened.unknownSignatures > 0) this.#found("signature", checkpoint.size);
    else if (signed?.size !== checkpoint.size || !equalBytes(signed.root, checkpoint.root))
      this.#found("signature", checkpoint.size);
  }

  async #checkCosignatures(notes: ReadonlyMap<number, string>): Promise<void> {
    const rows = await this.#db.execute<{ size: string; key: string; line: string; seconds: string }>(sql`
      select size, verifier_key as key, line, extract(epoch from cosigned_at) as seconds from log_cosignatures order by size`);
    for (const { size, key: vkey, line, seconds } of rows) {
      const note = notes.get(Number(size));
      const key = readKey(vkey);
      const text = note?.slice(0, note.lastIndexOf("\n\n") + 1);
      const found =
        key && text && line.endsWith("\n") ? await readCosignature(line.slice(0, -1), text, key) : undefined;
      if (found === undefined || found !== Number(seconds)) this.#found("cosignature", size);
    }
  }

  async #checkTileCounts(): Promise<void> {
    const stored = await this.#count(sql`select count(*) as n from log_tiles`);
    if (stored !== this.#tree.fullTiles) this.#found("tile", `${stored} stored, ${this.#tree.fullTiles} expected`);
    const lost = await this.#db.execute<{ id: string }>(sql`
      select entry.id from log_entries entry
      where not exists (select from log_sequence place where place.entry_id = entry.id)
        and not exists (select from log_pending waiting where waiting.lane = entry.lane and waiting.entry_id = entry.id)
      limit ${MAX_PROBLEMS}`);
    for (const { id } of lost) this.#found("lost", id);
    const strange = await this.#db.execute<{ id: string }>(sql`
      select sealed.row_id as id from log_payloads sealed
      where not exists (select from log_entries entry where entry.lane = sealed.lane and entry.id = sealed.row_id)
        and not exists (select from log_batch_items item where item.lane = sealed.lane and item.item_id = sealed.row_id)
      limit ${MAX_PROBLEMS}`);
    for (const { id } of strange) this.#found("payload", id);
  }

  async #count(query: ReturnType<typeof sql>): Promise<number> {
    const [row] = await this.#db.execute<{ n: string }>(query);
    return Number(row?.n ?? 0);
  }
}

/** The columns beside the leaf, by which people look for it, say what the leaf says. */
function isLabelled({ leaf, type, at }: EntryRow): boolean {
  const envelope = parseJson(leaf?.toString() ?? "");
  if (!isObject(envelope) || at === null || typeof envelope.at !== "string") return false;
  return envelope.type === type && Date.parse(envelope.at) === new Date(at).getTime();
}

/** The edge of a tree that is read leaf by leaf: its peaks, and the tiles that are filling. */
class GrowingTree {
  size = 0;
  fullTiles = 0;
  /** Peak of 2^level leaves, by level. */
  readonly #peaks: (Buffer | undefined)[] = [];
  readonly #filling: Buffer[][] = [];

  root(): Buffer {
    return foldSubtrees(this.#peaks.filter((peak) => peak !== undefined).reverse());
  }

  /** Adds a leaf hash; answers the tiles that it completed. */
  add(leafHash: Buffer): { level: number; n: number; hashes: Buffer[] }[] {
    this.size += 1;
    let hash = leafHash;
    let level = 0;
    for (let left = this.#peaks[level]; left; left = this.#peaks[level]) {
      hash = hashNode(left, hash);
      this.#peaks[level] = undefined;
      level += 1;
    }
    this.#peaks[level] = hash;
    return this.#fill(leafHash);
  }

  #fill(leafHash: Buffer): { level: number; n: number; hashes: Buffer[] }[] {
    const completed: { level: number; n: number; hashes: Buffer[] }[] = [];
    let arriving = leafHash;
    for (let level = 0; ; level += 1) {
      const hashes = this.#filling[level] ?? [];
      hashes.push(arriving);
      if (hashes.length < TILE_WIDTH) {
        this.#filling[level] = hashes;
        return completed;
      }
      this.#filling[level] = [];
      completed.push({ level, n: this.size / TILE_WIDTH ** (level + 1) - 1, hashes });
      this.fullTiles += 1;
      arriving = rootOf(hashes);
    }
  }
}
