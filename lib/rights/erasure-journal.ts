import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";

const line = z.object({
  v: z.literal(1),
  at: z.iso.datetime(),
  /** One person: the contact and those that were merged into it. Random ids. */
  contacts: z.array(z.uuid()).min(1),
  /** Keyed hashes in hex, so that who was erased stays blocked also where an older copy never knew them. */
  lookups: z.array(z.string().regex(/^([0-9a-f]{2})+$/)),
  /** Kept under the key for blocked data until then; null: gone. */
  blockUntil: z.iso.datetime().nullable(),
});
export type Erasure = z.infer<typeof line>;

/**
 * Who was erased, in a file outside of both databases (compliance 2.5): written before anything is deleted, read at every start,
 * so that a restored backup does not bring anybody back. No personal data: random ids and keyed hashes.
 */
export interface ErasureJournal {
  /** Returns once the line is on the disk. */
  append(erasure: Omit<Erasure, "v">): Promise<void>;
  /** Oldest first. A line that a power cut tore is the last one and was never acted upon: left out. */
  read(): Promise<Erasure[]>;
}

export function erasureJournal(dataDir: string): ErasureJournal {
  const path = join(dataDir, "erasures.jsonl");
  return {
    async append(erasure) {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, "a+", 0o600);
      try {
        const { size } = await file.stat();
        const last = Buffer.alloc(1);
        if (size > 0) await file.read(last, 0, 1, size - 1);
        const isTorn = size > 0 && last.toString() !== "\n";
        await file.appendFile(`${isTorn ? "\n" : ""}${JSON.stringify(line.parse({ v: 1, ...erasure }))}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      const folder = await open(dirname(path)); // a new file is only there once its folder says so
      await folder.sync().finally(() => folder.close());
    },
    async read() {
      const text = await readFile(path, "utf8").catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
        throw error;
      });
      return text.split("\n").flatMap((row, at): Erasure[] => {
        if (row === "") return [];
        const erasure = readLine(row);
        if (erasure) return [erasure];
        if (isTorn(row)) return [];
        throw new Error(`Line ${at + 1} of ${path} cannot be read; restore the file before anything starts.`);
      });
    },
  };
}

function readLine(row: string): Erasure | undefined {
  try {
    return line.parse(JSON.parse(row));
  } catch {
    return undefined;
  }
}

/** The beginning of a line, without its end. */
function isTorn(row: string): boolean {
  return !row.endsWith("}");
}
