import "./quiet-log";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { openInstallation } from "@/db/installation";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import { readEnv } from "@/lib/foundation/env";
import { isAppError } from "@/lib/foundation/errors";
import { publicId } from "@/lib/foundation/ids";
import { isCountry } from "@/lib/foundation/phone";
import { loadSecrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import { type Context, transaction } from "@/lib/identity/context";
import { openRuntime } from "@/lib/identity/runtime";
import { requestImport } from "@/lib/imports/commands/request-import";
import { runImport } from "@/lib/imports/commands/run-import";
import { type UploadedImport, uploadImport } from "@/lib/imports/commands/upload-import";
import { type ImportCounts, noCounts } from "@/lib/imports/import";
import { MappingOverrides } from "@/lib/imports/mapping";
import { listRejections } from "@/lib/imports/queries/list-rejections";
import { dryRun } from "@/lib/imports/queries/preview-import";

const USAGE = "npm run import -- FILE [--country ES] [--map FILE] [--dry-run] [--json]";
const REJECTIONS_PAGE = 1_000;
const REJECTIONS_SHOWN = 20;

interface RejectedRow {
  row: number;
  column: string;
  expected: string;
  found: string;
}

/** What `--json` prints: the project's contract with scripts. */
interface Report {
  rows: number;
  contacts: number;
  duplicates: number;
  rejected: RejectedRow[];
  consent: ImportCounts["consent"];
  people?: { row: number; phone: string; consent: string }[];
  /** Only where the file was not imported whole. */
  status?: "awaiting_approval" | "failed";
  error?: { code: string; params: unknown };
}

interface Options {
  file: string;
  country: string | undefined;
  overrides: MappingOverrides;
  isDry: boolean;
  isJson: boolean;
}

/** `npm run import`: the import of the console in the terminal. Exit code 1: not imported; 3: waits for approval. */
async function main(): Promise<number> {
  const options = await readOptions();
  const env = readEnv();
  const secrets = loadSecrets(env.DATA_DIR, env);
  const installation = await openInstallation(env, secrets);
  try {
    const { worker: databaseUrl, keystore: keystoreUrl } = installation.urls;
    const runtime = await openRuntime({ databaseUrl, keystoreUrl, role: "terminal", secrets, maxConnections: 3 });
    try {
      const ctx = await runtime.contextFor(systemActor("terminal"));
      const report = options.isDry ? await rehearse(ctx, options) : await importFile(ctx, options);
      if (options.isJson) console.log(JSON.stringify(report));
      else print(report, options);
      return report.status === "failed" ? 1 : report.status === "awaiting_approval" ? 3 : 0;
    } finally {
      await runtime.close();
    }
  } finally {
    await installation.stop();
  }
}

async function readOptions(): Promise<Options> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      country: { type: "string" },
      map: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0) throw new Error(`Name one file: ${USAGE}`);
  const found = await stat(file).catch(() => undefined);
  if (!found || found.isDirectory()) throw new Error(`${file} cannot be read; name a CSV file: ${USAGE}`);
  const country = values.country?.toUpperCase();
  if (country && !isCountry(country))
    throw new Error(`--country must be a code like ES or MX, not "${values.country}".`);
  const overrides = MappingOverrides.parse(values.map ? await readMap(values.map) : {});
  return { file, country, overrides, isDry: values["dry-run"], isJson: values.json };
}

async function readMap(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Error(`${path}, given with --map, cannot be read.`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path}, given with --map, is not JSON.`);
  }
}

async function upload(ctx: Context, { file, country, overrides }: Options): Promise<UploadedImport> {
  const [installation] = await ctx.db.execute<{ name: string; mode: string; country: string; zone: string }>(
    sql`select name, mode, country, time_zone as zone from installation`,
  );
  if (!installation) throw new Error("This database was never set up; run npm start once.");
  const brand = await ensureDefaultBrand(ctx, {
    name: installation.name,
    sampleWording: installation.mode === "sandbox",
  });
  return uploadImport(ctx, {
    ...brand,
    fileName: basename(file),
    content: createReadStream(file),
    country: country ?? installation.country,
    timeZone: installation.zone,
    overrides,
  });
}

class RolledBack extends Error {}

/** The whole plan inside a transaction that is rolled back: a rehearsal leaves nothing behind. */
async function rehearse(ctx: Context, options: Options): Promise<Report> {
  const done: { report?: Report; importId?: string } = {};
  await transaction(ctx, async (tx) => {
    const uploaded = await upload(tx, options);
    done.importId = uploaded.importId;
    if (uploaded.status === "failed") done.report = failed(uploaded.error, noCounts(), []);
    else {
      refuseUnmapped(uploaded);
      const { counts, rejected, people } = await dryRun(tx, { importId: uploaded.importId });
      done.report = { ...toReport(counts, rejected), people };
    }
    throw new RolledBack();
  }).catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  if (done.importId) await ctx.keys.destroy([done.importId]);
  if (!done.report) throw new Error("the rehearsal ended without a report");
  return done.report;
}

async function importFile(ctx: Context, options: Options): Promise<Report> {
  const uploaded = await upload(ctx, options);
  const { importId } = uploaded;
  if (uploaded.status === "failed") return failed(uploaded.error, noCounts(), []);
  refuseUnmapped(uploaded);
  const { status } = await requestImport(ctx, { importId, runsHere: true });
  if (status === "awaiting_approval") {
    const { counts, rejected } = await dryRun(ctx, { importId });
    if (!options.isJson) console.log(`Import ${publicId("imp", importId)}: ${uploaded.rowsTotal} rows.`);
    return { ...toReport(counts, rejected), status };
  }
  const end = await withBar(options, uploaded.rowsTotal, (onProgress) => runImport(ctx, { importId, onProgress }));
  if (end.kind === "interrupted") throw new Error("The import was taken over by another process; see the console.");
  const rejected = await allRejections(ctx, importId);
  if (end.kind === "failed") return failed(end, end.counts, rejected);
  return toReport(end.counts, rejected);
}

function refuseUnmapped({ problems }: UploadedImport): void {
  const [problem] = problems;
  if (!problem) return;
  if (problem.problem === "no_phone_column") {
    throw new Error(
      'No column looks like a phone number; name it with --map FILE, for example {"columns":{"Tel":"phone"}}.',
    );
  }
  throw new Error(`Column "${problem.header ?? ""}" cannot be used: ${problem.problem}; correct it with --map FILE.`);
}

async function withBar<T>(
  { isJson }: Options,
  total: number,
  run: (onProgress: (progress: { rowsRead: number }) => void) => Promise<T>,
): Promise<T> {
  if (isJson || !process.stderr.isTTY) return run(() => {});
  const bar = new SingleBar({
    format: "Importing {bar} {value}/{total} rows",
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(total, 0);
  return run(({ rowsRead }) => bar.update(rowsRead)).finally(() => bar.stop());
}

async function allRejections(ctx: Context, importId: string): Promise<RejectedRow[]> {
  const all: RejectedRow[] = [];
  for (let afterRow = 0; ; ) {
    const page = await listRejections(ctx, { importId, afterRow, limit: REJECTIONS_PAGE });
    all.push(...page);
    const last = page.at(-1);
    if (!last || page.length < REJECTIONS_PAGE) return all;
    afterRow = last.row;
  }
}

function toReport(counts: ImportCounts, rejected: readonly RejectedRow[]): Report {
  const { rows, contacts, duplicates, consent } = counts;
  const listed = rejected.map(({ row, column, expected, found }) => ({ row, column, expected, found }));
  return { rows, contacts, duplicates, rejected: listed, consent };
}

function failed(error: UploadedImport["error"], counts: ImportCounts, rejected: readonly RejectedRow[]): Report {
  const params = { ...error?.params, committed: counts.contacts };
  return {
    ...toReport(counts, rejected),
    status: "failed",
    error: { code: error?.code ?? "import_unreadable", params },
  };
}

function print(report: Report, { isDry }: Options): void {
  const { granted, pending, withdrawn, none } = report.consent;
  if (report.status === "failed") {
    console.log(`The file cannot be read to its end: ${JSON.stringify(report.error?.params)}.`);
    console.log(`${report.contacts} contacts were committed before that.`);
  }
  const would = isDry || report.status === "awaiting_approval" ? "would give " : "";
  console.log(
    `${report.rows} rows ${would}${report.contacts} contacts; ${report.duplicates} duplicates, ${report.rejected.length} rejected.`,
  );
  console.log(`Consent: ${granted} granted, ${pending} pending, ${withdrawn} withdrawn, ${none} none.`);
  for (const { row, column, expected, found } of report.rejected.slice(0, REJECTIONS_SHOWN)) {
    console.log(
      `  row ${row}, ${column}: expected ${expected}, found ${found === "" ? "nothing" : JSON.stringify(found)}`,
    );
  }
  const more = report.rejected.length - REJECTIONS_SHOWN;
  if (more > 0) console.log(`  and ${more} more: the console has the file of rejected rows.`);
  if (report.status === "awaiting_approval") {
    console.log("More than 500 rows: a compliance officer approves it in the console, and the worker runs it.");
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  empty: "The file is empty; name a CSV file with a header line.",
  spreadsheet: "The file is a workbook, not a CSV; save it as CSV first.",
  too_many_columns: "The file has more than 1,000 columns; keep those that are needed.",
};

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `The file given with --map is not a mapping: ${z.prettifyError(error)}`;
  const said = isAppError(error) && UNREADABLE[String(error.params.reason)];
  if (said) return said;
  if (isAppError(error) && error.code === "import_unreadable")
    return `The file cannot be read: ${JSON.stringify(error.params)}`;
  return error instanceof Error ? error.message : String(error);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = 1;
  },
);
