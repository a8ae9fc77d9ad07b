import {
  boolean,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  time,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { users } from "./identity";

/** Zones that this database can compute with. Filled by a migration; a zone that is not here is an unknown one. */
export const timeZoneNames = pgTable("time_zone_names", { name: text("name").primaryKey() });

/** One version of the rules of sending, as decided. The one in force is the last approved whose time has come. */
export const policyVersions = pgTable(
  "policy_versions",
  {
    id: uuid("id").primaryKey(),
    number: integer("number").notNull(),
    rules: jsonb("rules").$type<unknown>().notNull(),
    note: text("note").notNull(),
    /** Null: shipped with the product. */
    proposedBy: uuid("proposed_by").references(() => users.id),
    proposedAt: instant("proposed_at").notNull(),
    effectiveAt: instant("effective_at").notNull(),
    decision: text("decision", { enum: ["approved", "refused"] }),
    decidedBy: uuid("decided_by").references(() => users.id),
    decidedAt: instant("decided_at"),
  },
  (table) => [
    uniqueIndex("policy_versions_number").on(table.number),
    index("policy_versions_in_force").on(table.decision, table.effectiveAt),
  ],
);

/** What `rules` of an approved version says, a country a row, as the gate reads it. `DEFAULT` is a country here. */
export const policyCountries = pgTable(
  "policy_countries",
  {
    versionId: uuid("version_id")
      .notNull()
      .references(() => policyVersions.id),
    country: text("country").notNull(),
    closesOnHolidays: boolean("closes_on_holidays").notNull(),
    perDay: smallint("per_day").notNull(),
    perWeek: smallint("per_week").notNull(),
    blockedCategories: text("blocked_categories").array().notNull(),
    consentAge: smallint("consent_age"),
  },
  (table) => [primaryKey({ columns: [table.versionId, table.country] })],
);

export const policyWindows = pgTable(
  "policy_windows",
  {
    versionId: uuid("version_id").notNull(),
    country: text("country").notNull(),
    /** ISO: Monday 1 … Sunday 7. */
    weekday: smallint("weekday").notNull(),
    opens: time("opens").notNull(),
    closes: time("closes").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.versionId, table.country, table.weekday, table.opens] }),
    foreignKey({
      columns: [table.versionId, table.country],
      foreignColumns: [policyCountries.versionId, policyCountries.country],
    }),
  ],
);

export const policyZones = pgTable(
  "policy_zones",
  {
    versionId: uuid("version_id")
      .notNull()
      .references(() => policyVersions.id),
    country: text("country").notNull(),
    zone: text("zone")
      .notNull()
      .references(() => timeZoneNames.name),
  },
  (table) => [primaryKey({ columns: [table.versionId, table.country, table.zone] })],
);

export const policyHolidays = pgTable(
  "policy_holidays",
  {
    versionId: uuid("version_id")
      .notNull()
      .references(() => policyVersions.id),
    country: text("country").notNull(),
    day: date("day", { mode: "string" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.versionId, table.country, table.day] })],
);
