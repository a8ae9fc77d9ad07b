import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";
import { users } from "./identity";

export const brands = pgTable("brands", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  controller: text("controller").notNull(),
  createdAt: instant("created_at").notNull(),
});

/** A sending number of a WABA. Token and app secret are sealed under the installation key. */
export const phoneNumbers = pgTable(
  "phone_numbers",
  {
    id: uuid("id").primaryKey(),
    brandId: uuid("brand_id")
      .notNull()
      .references(() => brands.id),
    wabaId: text("waba_id").notNull(),
    phoneNumberId: text("phone_number_id").notNull(),
    displayNumber: text("display_number").notNull(),
    verifiedName: text("verified_name").notNull(),
    baseUrl: text("base_url").notNull(),
    apiVersion: text("api_version").notNull().default("v25.0"),
    tokenSealed: bytea("token_sealed").notNull(),
    appSecretSealed: bytea("app_secret_sealed").notNull(),
    verifyTokenHash: bytea("verify_token_hash").notNull(),
    status: text("status").notNull().default("CONNECTED"),
    qualityRating: text("quality_rating").notNull().default("UNKNOWN"),
    messagingLimit: text("messaging_limit").notNull().default("TIER_UNLIMITED"),
    messagesPerSecond: integer("messages_per_second").notNull().default(80),
    isSandbox: boolean("is_sandbox").notNull(),
    lastWebhookAt: instant("last_webhook_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("phone_numbers_meta_id").on(table.phoneNumberId),
    index("phone_numbers_by_waba").on(table.wabaId),
  ],
);

/** Engaged while `releasedAt` is null. Level installation, number or campaign (compliance 3.3). */
export const killSwitches = pgTable(
  "kill_switches",
  {
    id: uuid("id").primaryKey(),
    level: text("level", { enum: ["installation", "number", "campaign"] }).notNull(),
    targetId: uuid("target_id"),
    reason: text("reason").notNull(),
    engagedBy: uuid("engaged_by").references(() => users.id),
    engagedAt: instant("engaged_at").notNull(),
    releasedAt: instant("released_at"),
  },
  (table) => [
    index("kill_switches_engaged").on(table.level, table.targetId).where(sql`${table.releasedAt} is null`),
    check("kill_switches_target", sql`(${table.level} = 'installation') = (${table.targetId} is null)`),
  ],
);

/** A dated list of what a delivered message costs. `isInvented` marks demo prices; they never pose as Meta's. */
export const priceLists = pgTable("price_lists", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  source: text("source").notNull(),
  currency: text("currency").notNull(),
  effectiveAt: instant("effective_at").notNull(),
  isInvented: boolean("is_invented").notNull().default(false),
  createdAt: instant("created_at").notNull(),
});

export const priceRates = pgTable(
  "price_rates",
  {
    listId: uuid("list_id")
      .notNull()
      .references(() => priceLists.id),
    country: text("country").notNull(),
    category: text("category").notNull(),
    amountMicros: bigint("amount_micros", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.listId, table.country, table.category] })],
);
