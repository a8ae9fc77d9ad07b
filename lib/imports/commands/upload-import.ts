import { createHash } from "node:crypto";
import { basename } from "node:path";
import { eq } from "drizzle-orm";
import { importChunks, imports } from "@/db/schema/imports";
import { listAttributes } from "@/lib/audience/queries/list-attributes";
import { AppError, type AppErrorParams } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { applyOverrides, mappingProblems } from "../apply-overrides";
import { guessMapping } from "../guess-mapping";
import { type ImportFormat, noCounts } from "../import";
import type { ImportMapping, MappingOverrides, MappingProblem } from "../mapping";
import { detectDelimiter, type FileRecord, readRecords } from "../records";
import { chunkPlace, fileChunks } from "../store";
import { decoded, EncodingDetector } from "../text-encoding";

export interface UploadImport {
  fileName: string;
  content: AsyncIterable<Uint8Array>;
  brandId: string;
  purposeId: string;
  /** For numbers and times that do not say, until somebody corrects it. */
  country: string;
  timeZone: string;
  overrides?: MappingOverrides;
}

export interface UploadedImport {
  importId: string;
  /** `failed` where the file cannot be read to its end: nothing of it is imported. */
  status: "uploaded" | "failed";
  rowsTotal: number;
  format: ImportFormat;
  mapping: ImportMapping;
  problems: MappingProblem[];
  error: { code: string; params: AppErrorParams } | null;
}

const MAX_BYTES = 512 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
/** More is no list of people, and every column has to be guessed and shown. */
const MAX_COLUMNS = 1_000;
const SAMPLE_ROWS = 200;
const SAMPLE_CHARACTERS = 64 * 1024;

/**
 * Takes a file of people while it streams in, sealed under a key of its own, reads it once to the end and guesses its
 * columns. Nobody becomes a contact yet.
 *
 * @throws AppError too_large above 512 MiB, import_unreadable for an empty file or a workbook, invalid_input for overrides that do not fit
 */
export async function uploadImport(ctx: Context, input: UploadImport): Promise<UploadedImport> {
  authorize(ctx, "contact.import");
  const importId = newId();
  const key = (await ctx.keys.createKeys([importId])).get(importId);
  if (!key) throw new Error("the key store gave no key");
  return transaction(ctx, async (tx) => {
    const fileName = basename(input.fileName).slice(0, 200);
    const { brandId, purposeId } = input;
    await tx.db.insert(imports).values({
      id: importId,
      brandId,
      purposeId,
      fileName,
      fileSha256: Buffer.alloc(0),
      byteCount: 0,
      status: "uploaded",
      format: {},
      mapping: {},
      counts: noCounts(),
      createdBy: tx.actor.kind === "user" ? tx.actor.userId : null,
      createdAt: tx.now(),
    });
    const file = await storeFile(tx, { importId, key }, input.content);
    const text = await beginning(tx, importId, file.encoding);
    const shape = { encoding: file.encoding, delimiter: detectDelimiter(text) };
    const scan = await scanFile(tx, importId, shape);
    if (!scan.header) throw new AppError("import_unreadable", { row: 1, reason: "empty" });
    if (scan.header.cells.length > MAX_COLUMNS) {
      throw new AppError("import_unreadable", { row: scan.header.row, reason: "too_many_columns" });
    }
    const format: ImportFormat = { ...shape, header: scan.header.cells, headerRow: scan.header.row };
    const samples = scan.samples.map(({ cells }) => cells);
    const guess = guessMapping({ ...input, fileName, header: format.header, rows: samples });
    const { mapping, problems } = applyOverrides(guess, input.overrides ?? { columns: {} });
    if (problems.length > 0) throw new AppError("invalid_input", { column: problems[0]?.header ?? null });
    const typed = await withKnownTypes(tx, mapping);
    await tx.db
      .update(imports)
      .set({
        fileSha256: file.sha256,
        byteCount: file.byteCount,
        format,
        mapping: typed,
        rowsTotal: scan.rowCount,
        status: scan.error ? "failed" : "uploaded",
        errorCode: scan.error?.code ?? null,
        errorParams: scan.error?.params ?? null,
      })
      .where(eq(imports.id, importId));
    const facts = { import: importId, fileSha256: file.sha256.toString("hex"), rows: scan.rowCount };
    await audit(tx, "import.uploaded", facts, importId);
    return {
      importId,
      status: scan.error ? "failed" : "uploaded",
      rowsTotal: scan.rowCount,
      format,
      mapping: typed,
      problems: mappingProblems(typed, samples),
      error: scan.error,
    };
  });
}

async function storeFile(
  tx: Context,
  { importId, key }: { importId: string; key: Buffer },
  content: AsyncIterable<Uint8Array>,
) {
  const hash = createHash("sha256");
  const detector = new EncodingDetector();
  let byteCount = 0;
  let position = 0;
  for await (const chunk of chunksOf(content)) {
    if (position === 0 && isArchive(chunk)) throw new AppError("import_unreadable", { row: 1, reason: "spreadsheet" });
    byteCount += chunk.length;
    if (byteCount > MAX_BYTES) throw new AppError("too_large", { maxBytes: MAX_BYTES });
    hash.update(chunk);
    detector.push(chunk);
    const sealed = seal(key, chunk, chunkPlace(importId, position));
    await tx.db.insert(importChunks).values({ importId, position, sealed });
    position += 1;
  }
  return { sha256: hash.digest(), byteCount, encoding: detector.end() };
}

/** An Excel workbook is a zip archive: its bytes would read as one long broken record. Save it as CSV. */
function isArchive(chunk: Buffer): boolean {
  return chunk.subarray(0, 4).equals(Buffer.from("PK\x03\x04"));
}

/** The same bytes in pieces of one size, whatever the sender's. */
async function* chunksOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of content) {
    held.push(Buffer.from(piece));
    size += piece.length;
    if (size < CHUNK_BYTES) continue;
    const all = Buffer.concat(held);
    let start = 0;
    for (; all.length - start >= CHUNK_BYTES; start += CHUNK_BYTES) yield all.subarray(start, start + CHUNK_BYTES);
    held = [all.subarray(start)];
    size = all.length - start;
  }
  if (size > 0) yield Buffer.concat(held);
}

async function beginning(tx: Context, importId: string, encoding: ImportFormat["encoding"]): Promise<string> {
  let text = "";
  for await (const part of decoded(fileChunks(tx, importId), encoding)) {
    text += part;
    if (text.length >= SAMPLE_CHARACTERS) break;
  }
  return text.slice(0, SAMPLE_CHARACTERS);
}

interface Scan {
  header: FileRecord | undefined;
  samples: FileRecord[];
  rowCount: number;
  error: { code: string; params: AppErrorParams } | null;
}

/** Reads the whole file once: how many rows, and whether it can be read to its end. */
async function scanFile(
  tx: Context,
  importId: string,
  shape: Pick<ImportFormat, "encoding" | "delimiter">,
): Promise<Scan> {
  const scan: Scan = { header: undefined, samples: [], rowCount: 0, error: null };
  try {
    for await (const record of readRecords(fileChunks(tx, importId), shape)) {
      if (!scan.header) {
        scan.header = { ...record, cells: record.cells.map((cell) => cell.trim()) };
        continue;
      }
      scan.rowCount += 1;
      if (scan.samples.length < SAMPLE_ROWS) scan.samples.push(record);
    }
  } catch (error) {
    if (!(error instanceof AppError) || !scan.header) throw error;
    scan.error = { code: error.code, params: { ...error.params, committed: 0 } };
  }
  return scan;
}

/** A column that is an attribute already keeps the type that segments know. */
async function withKnownTypes(tx: Context, mapping: ImportMapping): Promise<ImportMapping> {
  const types = new Map((await listAttributes(tx)).map(({ key, type }) => [key, type]));
  const columns = mapping.columns.map((column) => {
    const type = column.attribute && types.get(column.attribute.key);
    return column.attribute && type ? { ...column, attribute: { ...column.attribute, type } } : column;
  });
  return { ...mapping, columns };
}
