import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { mappingProblems } from "../apply-overrides";
import type { MappingProblem } from "../mapping";
import { maskSample } from "../sample-values";
import { getImportRow } from "../store";
import { firstRecords } from "./preview-import";

export interface ColumnSamples {
  /** A few distinct values of each column, masked, in the file's order of columns. */
  samples: string[][];
  problems: MappingProblem[];
}

const SHOWN = 3;

/** What the first rows hold in each column, and what keeps the mapping from being used. @throws AppError not_found */
export async function getColumnSamples(ctx: Context, { importId }: { importId: string }): Promise<ColumnSamples> {
  authorize(ctx, "import.read");
  const row = await getImportRow(ctx.db, importId);
  const records = (await firstRecords(ctx, row)).map(({ cells }) => cells);
  const samples = row.mapping.columns.map(({ target }, index) => {
    const values = records.map((cells) => (cells[index] ?? "").trim()).filter((value) => value !== "");
    return [...new Set(values.map((value) => maskSample(value, target)))].slice(0, SHOWN);
  });
  return { samples, problems: mappingProblems(row.mapping, records) };
}
