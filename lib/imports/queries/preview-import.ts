import { statusAt } from "@/lib/consent/projection";
import { projectConsent } from "@/lib/consent/queries/project-consent";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { mappingProblems } from "../apply-overrides";
import { type ImportCounts, noCounts } from "../import";
import type { MappingProblem } from "../mapping";
import type { RowProblem } from "../read-row";
import { type FileRecord, readRecords } from "../records";
import { fileChunks, getImportRow, type ImportRow } from "../store";
import { outcomeOf, Tally } from "../tally";
import { planBatch } from "./plan-batch";
import { claimSettings, readImport } from "./read-import";

export interface ImportPreview {
  /** What the import would do, were it run now. Of `rowsRead` rows where `isWhole` is false. */
  counts: ImportCounts;
  isWhole: boolean;
  problems: MappingProblem[];
  /** The first rows that would be rejected. */
  rejected: RowProblem[];
  /** The first rows as they would be read, numbers masked. */
  people: { row: number; phone: string; consent: keyof ImportCounts["consent"] }[];
}

const SHOWN = 50;
const SAMPLE_RECORDS = 200;
/** A preview answers while somebody waits; a larger file is judged by its beginning. */
const PREVIEW_ROWS = 50_000;

/** The first records below the header, for the mapping's table and its checks. */
export async function firstRecords(ctx: Context, row: ImportRow): Promise<FileRecord[]> {
  authorize(ctx, "import.read");
  const records: FileRecord[] = [];
  for await (const record of readRecords(fileChunks(ctx, row.id), row.format)) {
    if (record.row > row.format.headerRow) records.push(record);
    if (records.length === SAMPLE_RECORDS) break;
  }
  return records;
}

/** What an import would do, without doing it: the very plan that running it would write. */
export async function previewImport(ctx: Context, { importId }: { importId: string }): Promise<ImportPreview> {
  const dry = await dryRun(ctx, { importId, maxRows: PREVIEW_ROWS });
  return {
    ...dry,
    rejected: dry.rejected.slice(0, SHOWN),
    people: dry.people.slice(0, SHOWN).map((person) => ({ ...person, phone: maskPhone(person.phone) })),
  };
}

/** The same to the file's end and in full, for the terminal of whoever brought the file. */
export async function dryRun(
  ctx: Context,
  { importId, maxRows = Number.POSITIVE_INFINITY }: { importId: string; maxRows?: number },
): Promise<ImportPreview> {
  authorize(ctx, "import.read");
  const row = await getImportRow(ctx.db, importId);
  const samples = await firstRecords(ctx, row);
  const problems = mappingProblems(
    row.mapping,
    samples.map(({ cells }) => cells),
  );
  const { settings, unknownWordings } = await claimSettings(ctx, row);
  const tally = new Tally();
  const counts = noCounts();
  const rejected: RowProblem[] = [];
  let isWhole = true;
  for await (const batch of readImport(ctx, row)) {
    const plan = await planBatch(ctx, { people: batch.people, settings }, (phone) => tally.has(phone));
    const states = await projectConsent(
      ctx,
      plan.flatMap((contact) => contact.events),
    );
    counts.rows += batch.rowCount;
    counts.rejected += batch.rejected.length;
    counts.rejectedOptOuts += batch.rejected.filter(({ saysLeft }) => saysLeft).length;
    counts.duplicates += batch.people.length;
    for (const { cells: _, ...problem } of batch.rejected) rejected.push(problem);
    for (const contact of plan) {
      if (!tally.has(contact.phone)) {
        counts[contact.outcome] += 1;
        counts.duplicates -= 1;
      }
      const state = states.get(contact.contactId)?.find(({ purposeId }) => purposeId === settings.purposeId);
      const status = state ? statusAt(state, ctx.now()) : contact.before.status;
      const consent = outcomeOf(status, contact.before.isBlocked);
      const known = tally.people.get(contact.phone);
      // Nothing was written, so an earlier row of the file is not in the history yet: the stricter of the two stands.
      const strictest = known && STRICTNESS[known.consent] > STRICTNESS[consent] ? known.consent : consent;
      tally.add(contact.phone, { row: contact.firstRow, consent: strictest, isOtherChannel: contact.isOtherChannel });
    }
    if (counts.rows < maxRows) continue;
    isWhole = counts.rows >= row.rowsTotal;
    break;
  }
  const people = [...tally.people].map(([phone, { row: first, consent }]) => ({ row: first, phone, consent }));
  const all = { ...counts, ...tally.counts(), unknownWordings: [...unknownWordings].slice(0, 20) };
  return { counts: all, isWhole, problems, rejected, people };
}

const STRICTNESS: Readonly<Record<keyof ImportCounts["consent"], number>> = {
  none: 0,
  pending: 1,
  granted: 2,
  withdrawn: 3,
};
