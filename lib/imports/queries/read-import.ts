import { listWordingVersions } from "@/lib/consent/queries/list-wording-versions";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ClaimSettings } from "../consent-claims";
import { type PersonRow, type RowProblem, rowReader } from "../read-row";
import { readRecords } from "../records";
import { fileChunks, type ImportRow } from "../store";

/** Some rows of a file, in order: those that can become people, and those that cannot. */
export interface RowBatch {
  people: PersonRow[];
  rejected: (RowProblem & { cells: string[] })[];
  /** Row number of the last record read. */
  lastRow: number;
  rowCount: number;
}

/** Rows per transaction: enough that statements cost little each, few enough that locks are short. */
const BATCH_ROWS = 1_000;

/** The rows of an uploaded file, read as its mapping says, in batches. @throws AppError import_unreadable */
export async function* readImport(ctx: Context, row: ImportRow): AsyncGenerator<RowBatch> {
  authorize(ctx, "import.read");
  const read = rowReader(row.mapping, ctx.now());
  let batch = emptyBatch();
  for await (const record of readRecords(fileChunks(ctx, row.id), row.format)) {
    if (record.row <= row.format.headerRow) continue;
    const result = read(record);
    batch.lastRow = record.row;
    if (result.kind === "person") batch.people.push(result.person);
    if (result.kind === "rejected") batch.rejected.push({ ...result.problem, cells: record.cells });
    if (result.kind !== "footer") batch.rowCount += 1;
    if (batch.rowCount < BATCH_ROWS) continue;
    yield batch;
    batch = emptyBatch();
  }
  if (batch.lastRow > 0) yield batch;
}

function emptyBatch(): RowBatch {
  return { people: [], rejected: [], lastRow: 0, rowCount: 0 };
}

/** What turns this import's claims into events, and the labels of wordings that nobody published. */
export async function claimSettings(
  ctx: Context,
  row: ImportRow,
): Promise<{ settings: ClaimSettings; unknownWordings: Set<string> }> {
  authorize(ctx, "import.read");
  if (!row.purposeId) throw new AppError("invalid_input", { field: "purposeId" });
  const wordings = await listWordingVersions(ctx, { purposeId: row.purposeId });
  const unknownWordings = new Set<string>();
  const wordingOf = (label: string, language: string | undefined) => {
    const named = wordings.filter((wording) => wording.label.toLowerCase() === label.toLowerCase());
    const own = named.find((wording) => language !== undefined && sameLanguage(wording.language, language));
    if (named.length === 0) unknownWordings.add(label);
    return (own ?? named[0])?.id;
  };
  const { id: importId, purposeId, createdAt: at } = row;
  const settings = { importId, purposeId, fileSha256: row.fileSha256.toString("hex"), at, wordingOf };
  return { settings, unknownWordings };
}

function sameLanguage(one: string, other: string): boolean {
  return one.split("-")[0]?.toLowerCase() === other.split("-")[0]?.toLowerCase();
}
