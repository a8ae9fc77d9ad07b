import { jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { users } from "./identity";

/** A saved question about contacts. `rule` is data (lib/segments/segment.ts), compiled to SQL, never SQL itself. */
export const segments = pgTable("segments", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  rule: jsonb("rule").$type<unknown>().notNull(),
  createdBy: uuid("created_by").references(() => users.id),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
  archivedAt: instant("archived_at"),
});
