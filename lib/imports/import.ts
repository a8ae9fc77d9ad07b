import * as z from "zod";
import type { RejectionCode } from "./read-row";
import { delimiters } from "./records";
import { encodings } from "./text-encoding";

export const importStatuses = [
  "uploaded",
  "awaiting_approval",
  "approved",
  "running",
  "completed",
  "failed",
  "cancelled",
  "refused",
] as const;
export type ImportStatus = (typeof importStatuses)[number];

/** More rows than this need a compliance officer's approval (compliance/design.md 3.4). */
export const ROWS_WITHOUT_APPROVAL = 500;

/** What may happen to an import, by where it stands. Shared by pages and commands; SQL refuses the rest too. */
export const importCan = {
  map: ({ status }: { status: ImportStatus }) => status === "uploaded",
  request: ({ status }: { status: ImportStatus }) => status === "uploaded",
  decide: ({ status }: { status: ImportStatus }) => status === "awaiting_approval",
  run: ({ status }: { status: ImportStatus }) => status === "approved" || status === "running",
  cancel: ({ status }: { status: ImportStatus }) =>
    status === "uploaded" || status === "awaiting_approval" || status === "approved" || status === "running",
};

/** How the file is written, and its header; found at upload. */
export const ImportFormat = z.object({
  encoding: z.enum(encodings),
  delimiter: z.enum(delimiters),
  header: z.array(z.string()),
  headerRow: z.int().min(1),
});
export type ImportFormat = z.infer<typeof ImportFormat>;

/**
 * What an import did, or would do. rows = contacts + duplicates + rejected; contacts = created + updated + unchanged
 * = granted + pending + withdrawn + none.
 */
export const ImportCounts = z.object({
  rows: z.int().default(0),
  contacts: z.int().default(0),
  duplicates: z.int().default(0),
  rejected: z.int().default(0),
  /** Of the rejected: rows that say somebody left. A person must look at them. */
  rejectedOptOuts: z.int().default(0),
  created: z.int().default(0),
  updated: z.int().default(0),
  unchanged: z.int().default(0),
  consent: z
    .object({
      granted: z.int().default(0),
      pending: z.int().default(0),
      withdrawn: z.int().default(0),
      none: z.int().default(0),
    })
    .prefault({}),
  /** Of the pending: claims about e-mail or SMS alone. */
  otherChannel: z.int().default(0),
  /** Labels of wordings that no published version has: their rows stay pending. */
  unknownWordings: z.array(z.string()).default([]),
});
export type ImportCounts = z.infer<typeof ImportCounts>;

export const noCounts = (): ImportCounts => ImportCounts.parse({});

/** What a rejected row keeps, sealed. */
export const Rejection = z.object({
  column: z.string(),
  expected: z.string(),
  found: z.string(),
  saysLeft: z.boolean(),
  cells: z.array(z.string()),
});
export type Rejection = z.infer<typeof Rejection> & { row: number; code: RejectionCode };
