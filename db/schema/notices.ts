import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { users } from "./identity";

/** Something a person should know of: open until it is mended or dismissed. Nothing about people we write to. */
export const notices = pgTable(
  "notices",
  {
    id: uuid("id").primaryKey(),
    /** What makes two notices the same; while one is open, another is counted onto it. */
    key: text("key").notNull(),
    kind: text("kind").notNull(),
    subjectType: text("subject_type"),
    subjectId: uuid("subject_id"),
    params: jsonb("params").$type<Record<string, string | number>>().notNull().default({}),
    count: integer("count").notNull().default(1),
    raisedAt: instant("raised_at").notNull(),
    lastAt: instant("last_at").notNull(),
    resolvedAt: instant("resolved_at"),
    /** Null when it was mended by itself. */
    resolvedBy: uuid("resolved_by").references(() => users.id),
  },
  (table) => [
    uniqueIndex("notices_open").on(table.key).where(sql`resolved_at is null`),
    index("notices_by_time").on(table.raisedAt, table.id),
  ],
);
