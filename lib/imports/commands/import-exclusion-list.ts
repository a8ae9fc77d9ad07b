import { createHash, type Hash } from "node:crypto";
import { eq } from "drizzle-orm";
import { exclusionLists } from "@/db/schema/consent";
import { canonicalIdentifier, lookupOf } from "@/lib/audience/identifier";
import { blockNumbers } from "@/lib/consent/commands/block-numbers";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

export interface ExclusionFile {
  name: string;
  content: AsyncIterable<Uint8Array>;
  /** Of numbers without a prefix. */
  country: string;
}

export interface ExclusionResult {
  listId: string;
  /** Lines, the header and blank ones apart. */
  rows: number;
  /** Numbers that no such list blocked before. */
  added: number;
  unreadable: number;
  contacts: number;
}

const BATCH = 5_000;
const MAX_BYTES = 512 * 1024 * 1024;
/** A line that is longer is no list of numbers. */
const MAX_LINE = 4_096;

/**
 * Takes in a list of numbers that must not be written to (Robinson lists and the like) while it streams in: a number a line, or
 * a CSV whose cells hold one. Only keyed hashes are kept; the file is never stored. Each batch commits by itself: when the
 * upload breaks off, what was read is blocked, and reading it again changes nothing.
 *
 * @throws AppError("too_large"); AppError("import_unreadable") where no line holds a number
 */
export async function importExclusionList(ctx: Context, file: ExclusionFile): Promise<ExclusionResult> {
  authorize(ctx, "import.approve");
  const list = new Blocking(ctx, file.name);
  const hash = createHash("sha256");
  let isFirst = true;
  for await (const line of linesOf(hashed(file.content, hash))) {
    if (line.trim() === "") continue;
    const lookup = numberIn(ctx, line, file.country);
    if (lookup) await list.block(lookup);
    else if (!isFirst) list.skip(); // the first line may be a header
    isFirst = false;
  }
  return list.end(hash.digest());
}

/** Numbers on their way into the list, a batch at a time. */
class Blocking {
  #listId: string | undefined;
  #batch: Buffer[] = [];
  #rows = 0;
  #added = 0;
  #unreadable = 0;
  readonly #contacts = new Set<string>();

  constructor(
    private readonly ctx: Context,
    private readonly name: string,
  ) {}

  async block(lookup: Buffer): Promise<void> {
    this.#rows += 1;
    this.#batch.push(lookup);
    if (this.#batch.length >= BATCH) await this.#flush();
  }

  skip(): void {
    this.#rows += 1;
    this.#unreadable += 1;
  }

  async end(fileSha256: Buffer): Promise<ExclusionResult> {
    await this.#flush();
    const listId = this.#listId;
    if (listId === undefined) throw new AppError("import_unreadable", { row: 1, reason: "no_numbers" });
    const [rows, added, unreadable, contacts] = [this.#rows, this.#added, this.#unreadable, this.#contacts.size];
    await transaction(this.ctx, async (tx) => {
      const counts = { rowCount: rows, addedCount: added, unreadableCount: unreadable, contactCount: contacts };
      await tx.db
        .update(exclusionLists)
        .set({ ...counts, fileSha256, completedAt: tx.now() })
        .where(eq(exclusionLists.id, listId));
      const facts = { rows, added, unreadable, contacts, fileSha256: fileSha256.toString("hex") };
      await audit(tx, "exclusion_list.imported", facts, listId);
    });
    return { listId, rows, added, unreadable, contacts };
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    this.#listId ??= await this.#open();
    const found = await blockNumbers(this.ctx, {
      lookups: this.#batch,
      kind: "external_list",
      scope: "all_marketing",
    });
    this.#added += found.added;
    for (const id of found.contacts) this.#contacts.add(id);
    this.#batch = [];
  }

  async #open(): Promise<string> {
    const id = newId();
    const createdBy = this.ctx.actor.kind === "user" ? this.ctx.actor.userId : null;
    await this.ctx.db.insert(exclusionLists).values({ id, name: this.name, createdBy, createdAt: this.ctx.now() });
    return id;
  }
}

/** Blanks, quotes, and the byte order marks of UTF-8 and UTF-16 as Latin-1 reads them. */
const AROUND_A_CELL = /^[\s"'ÿþï»¿]+|[\s"']+$/g;

/** What programs that export lists leave on a number: `="600100000"`, `(+34) 600100000`, `600100000.0`. */
const LEFT_ON_A_NUMBER = /[=()]|(?<=\d{7})\.0(?=["']*\s*$)/g;

/** The keyed hash of the first cell of a line that is a telephone number. */
function numberIn(ctx: Context, line: string, country: string): Buffer | undefined {
  for (const cell of line.split(/[;,\t]/)) {
    const bare = cell.replaceAll(LEFT_ON_A_NUMBER, "").replaceAll(AROUND_A_CELL, "");
    const identifier = canonicalIdentifier("phone", bare, country);
    if (identifier) return lookupOf(ctx.secrets.lookupKey, identifier);
  }
  return undefined;
}

async function* hashed(content: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > MAX_BYTES) throw new AppError("too_large", { maxBytes: MAX_BYTES });
    hash.update(piece);
    yield piece;
  }
}

/** Lines of a text whose numbers are ASCII in every encoding people save as; UTF-16 only has zero bytes in between. */
async function* linesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held = "";
  for await (const piece of content) {
    held += Buffer.from(piece).toString("latin1").replaceAll("\0", "");
    const lines = held.split(/\r\n|\n|\r/);
    held = lines.pop() ?? "";
    if (held.length > MAX_LINE) throw new AppError("import_unreadable", { row: 1, reason: "no_numbers" });
    yield* lines;
  }
  if (held !== "") yield held;
}
