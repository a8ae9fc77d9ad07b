import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";
import { purposes } from "./consent";
import { users } from "./identity";
import { brands } from "./numbers";

/** One file of people. States in lib/imports/import.ts. File and rejected rows are sealed under a key of their own. */
export const imports = pgTable(
  "imports",
  {
    id: uuid("id").primaryKey(),
    brandId: uuid("brand_id")
      .notNull()
      .references(() => brands.id),
    purposeId: uuid("purpose_id").references(() => purposes.id),
    fileName: text("file_name").notNull(),
    fileSha256: bytea("file_sha256").notNull(),
    byteCount: bigint("byte_count", { mode: "number" }).notNull(),
    status: text("status", {
      enum: ["uploaded", "awaiting_approval", "approved", "running", "completed", "failed", "cancelled", "refused"],
    }).notNull(),
    format: jsonb("format").$type<unknown>().notNull(),
    mapping: jsonb("mapping").$type<unknown>().notNull(),
    counts: jsonb("counts").$type<unknown>().notNull(),
    rowsRead: integer("rows_read").notNull().default(0),
    rowsTotal: integer("rows_total").notNull().default(0),
    errorCode: text("error_code"),
    errorParams: jsonb("error_params").$type<unknown>(),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    decidedBy: uuid("decided_by").references(() => users.id),
    decidedAt: instant("decided_at"),
    completedAt: instant("completed_at"),
  },
  (table) => [index("imports_by_age").on(table.createdAt)],
);

export const importChunks = pgTable(
  "import_chunks",
  {
    importId: uuid("import_id")
      .notNull()
      .references(() => imports.id),
    position: integer("position").notNull(),
    sealed: bytea("sealed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.importId, table.position] })],
);

/** A row that was not taken: sealed JSON {column, expected, found, cells}. */
export const importRejections = pgTable(
  "import_rejections",
  {
    importId: uuid("import_id")
      .notNull()
      .references(() => imports.id),
    rowNumber: integer("row_number").notNull(),
    code: text("code").notNull(),
    sealed: bytea("sealed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.importId, table.rowNumber, table.code] })],
);
