import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { AppError } from "@/lib/foundation/errors";
import { plainCell } from "./csv-cell";
import { decoded, type Encoding } from "./text-encoding";

export const delimiters = [",", ";", "\t"] as const;
export type Delimiter = (typeof delimiters)[number];

export interface FileFormat {
  encoding: Encoding;
  delimiter: Delimiter;
}

/** One record. `row` counts as a spreadsheet does: the header is row 1, a quoted line break starts no row. */
export interface FileRecord {
  row: number;
  cells: string[];
}

/** A quote that is never closed would swallow the rest of the file: longer records are refused. Characters. */
const MAX_RECORD_LENGTH = 1_000_000;
const LINES_FOR_DELIMITER = 20;

/**
 * The records of a file, blank lines left out (they still count as rows).
 *
 * @throws AppError import_unreadable { row, reason } where the file stops making sense
 */
export async function* readRecords(chunks: AsyncIterable<Uint8Array>, format: FileFormat): AsyncGenerator<FileRecord> {
  const source = Readable.from(decoded(chunks, format.encoding));
  const parser = parse({
    delimiter: format.delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: MAX_RECORD_LENGTH,
  });
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  let row = 0;
  try {
    for await (const record of parser) {
      row += 1;
      const cells = (record as string[]).map(plainCell); // csv-parse gives arrays of text when no columns are asked for
      if (cells.some((cell) => cell.trim() !== "")) yield { row, cells };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new AppError("import_unreadable", { row: row + 1, reason: reasonOf(error) });
    throw error;
  } finally {
    source.destroy();
  }
}

function reasonOf(error: CsvError): string {
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return "quote_not_closed";
    case "CSV_MAX_RECORD_SIZE":
      return "record_too_long";
    default:
      return error.code.toLowerCase();
  }
}

/** The delimiter of a file's beginning: the one that cuts the most lines into as many cells as the first line. */
export function detectDelimiter(text: string): Delimiter {
  const scores = delimiters.map((delimiter) => {
    const counts = cellBreaks(text, delimiter);
    const inHeader = counts[0] ?? 0;
    const alike = inHeader === 0 ? 0 : counts.filter((count) => count === inHeader).length;
    return { delimiter, alike: alike / Math.max(1, counts.length), inHeader };
  });
  const best = scores.reduce((one, other) =>
    other.alike > one.alike || (other.alike === one.alike && other.inHeader > one.inHeader) ? other : one,
  );
  return best.delimiter;
}

/** How often the delimiter stands outside quotes in each of the first records. */
function cellBreaks(text: string, delimiter: string): number[] {
  const counts: number[] = [];
  let count = 0;
  let isQuoted = false;
  let isEmpty = true;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === delimiter) count += 1;
    else if (character === "\n" || character === "\r") {
      if (!isEmpty) counts.push(count);
      if (counts.length === LINES_FOR_DELIMITER) return counts;
      count = 0;
      isEmpty = true;
      continue;
    }
    isEmpty = false;
  }
  if (!isEmpty && counts.length === 0) counts.push(count);
  return counts;
}
