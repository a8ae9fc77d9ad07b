import { index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";
import { users } from "./identity";
import { phoneNumbers } from "./numbers";

/** A message template of a WABA, with Meta's status as it came. */
export const templates = pgTable(
  "templates",
  {
    id: uuid("id").primaryKey(),
    numberId: uuid("number_id")
      .notNull()
      .references(() => phoneNumbers.id),
    wabaId: text("waba_id").notNull(),
    metaId: text("meta_id"),
    name: text("name").notNull(),
    language: text("language").notNull(),
    category: text("category").notNull(),
    status: text("status").notNull(),
    quality: text("quality").notNull().default("UNKNOWN"),
    rejectedReason: text("rejected_reason"),
    parameterFormat: text("parameter_format", { enum: ["POSITIONAL", "NAMED"] })
      .notNull()
      .default("POSITIONAL"),
    components: jsonb("components").$type<unknown>().notNull(),
    componentsSha256: bytea("components_sha256").notNull(),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    syncedAt: instant("synced_at"),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    uniqueIndex("templates_name").on(table.wabaId, table.name, table.language),
    index("templates_meta_id").on(table.metaId),
  ],
);

/** Every text a template ever had, so that what somebody received can be shown word for word. */
export const templateVersions = pgTable(
  "template_versions",
  {
    templateId: uuid("template_id")
      .notNull()
      .references(() => templates.id),
    componentsSha256: bytea("components_sha256").notNull(),
    components: jsonb("components").$type<unknown>().notNull(),
    since: instant("since").notNull(),
  },
  (table) => [primaryKey({ columns: [table.templateId, table.componentsSha256] })],
);
