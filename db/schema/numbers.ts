import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
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
    /** Throughput that Meta allows; what we use of it is decided when tokens are leased. */
    messagesPerSecond: integer("messages_per_second").notNull().default(80),
    throughputLevel: text("throughput_level", { enum: ["STANDARD", "HIGH", "COEXISTENCE"] })
      .notNull()
      .default("STANDARD"),
    /** The Meta app whose token and secret these are, and the business portfolio that shares the messaging limit. */
    appId: text("app_id"),
    portfolioId: text("portfolio_id"),
    endpoint: text("endpoint", { enum: ["messages", "marketing_messages"] })
      .notNull()
      .default("messages"),
    productPolicy: text("product_policy", { enum: ["CLOUD_API_FALLBACK", "STRICT"] })
      .notNull()
      .default("CLOUD_API_FALLBACK"),
    nameStatus: text("name_status").notNull().default("UNKNOWN"),
    username: text("username"),
    /** What the last read of the number at Meta came to: `unchecked`, `ok` or the cause of its failure. */
    health: text("health").notNull().default("unchecked"),
    checkedAt: instant("checked_at"),
    isSandbox: boolean("is_sandbox").notNull(),
    lastWebhookAt: instant("last_webhook_at"),
    /** A webhook of this account whose signature our app secret did not make. */
    webhookRefusedAt: instant("webhook_refused_at"),
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
    /** Why it engaged by itself, as a code; null when a person did it. */
    cause: text("cause"),
    engagedBy: uuid("engaged_by").references(() => users.id),
    engagedAt: instant("engaged_at").notNull(),
    /** Release takes two people: who asked, with the reason, and who agreed. */
    releaseReason: text("release_reason"),
    releaseAskedBy: uuid("release_asked_by").references(() => users.id),
    releaseAskedAt: instant("release_asked_at"),
    releasedBy: uuid("released_by").references(() => users.id),
    releasedAt: instant("released_at"),
  },
  (table) => [
    index("kill_switches_engaged").on(table.level, table.targetId).where(sql`${table.releasedAt} is null`),
    check("kill_switches_target", sql`(${table.level} = 'installation') = (${table.targetId} is null)`),
  ],
);

/** What Meta told us about a number or its account, as it came, without personal data. Insert and select only. */
export const numberEvents = pgTable(
  "number_events",
  {
    id: uuid("id").primaryKey(),
    wabaId: text("waba_id").notNull(),
    /** Null where it concerns the account. */
    numberId: uuid("number_id").references(() => phoneNumbers.id),
    kind: text("kind").notNull(),
    at: instant("at").notNull(),
    recordedAt: instant("recorded_at").notNull(),
    summary: jsonb("summary").$type<Record<string, string | number | boolean | null>>().notNull(),
    /** SHA-256 of what was told: the same telling is kept once. */
    fingerprint: bytea("fingerprint").notNull(),
  },
  (table) => [
    uniqueIndex("number_events_once").on(table.fingerprint),
    index("number_events_by_time").on(table.wabaId, table.at),
  ],
);

/** Until when calls that manage an account (templates, numbers, analytics) wait, and how often in a row. Real time. */
export const accountCalls = pgTable("account_calls", {
  wabaId: text("waba_id").primaryKey(),
  callsAfter: instant("calls_after").notNull(),
  holds: smallint("holds").notNull(),
});

/** People of the rolling 24 h of a business portfolio whose messaging limit is not unlimited. Business time. */
export const portfolioRecipients = pgTable(
  "portfolio_recipients",
  {
    lane: smallint("lane").notNull(),
    portfolio: text("portfolio").notNull(),
    contactId: uuid("contact_id").notNull(),
    lastAt: instant("last_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.portfolio, table.contactId] }),
    index("portfolio_recipients_by_time").on(table.portfolio, table.lastAt),
  ],
);

/** How many people that is, counted anew from time to time: one row that leases lock. */
export const portfolioUsage = pgTable("portfolio_usage", {
  portfolio: text("portfolio").primaryKey(),
  used: integer("used").notNull(),
  countedAt: instant("counted_at").notNull(),
});

/** Head-room that workers hold for messages they are claiming. Real time. */
export const portfolioLeases = pgTable(
  "portfolio_leases",
  {
    id: uuid("id").primaryKey(),
    portfolio: text("portfolio").notNull(),
    people: integer("people").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [index("portfolio_leases_by_portfolio").on(table.portfolio)],
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
